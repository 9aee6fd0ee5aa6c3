import type { z } from 'zod'
import type { factAnswer } from '../../../contracts/http/authority.js'
import type { ChildFact, FactValue } from '../../../contracts/facts.js'
import { placeFactsOf } from '../../../policies/places.js'
import type { Timeline } from '../../../policies/timeline.js'
import type { CaseState } from './case.js'
import { declaredBy, statementOf } from './findings.js'

/** What an authority says about one fact. */
export type FactAnswer = z.output<typeof factAnswer>

/** What an authority's answer states; a fact asked and in neither is one it does not know. */
export interface Reply {
  facts: Record<string, FactValue>
  /** Facts of which it says that there is no value. */
  none: string[]
}

/** An answer that does not fit what was asked. */
export class UnfitAnswer extends Error {
  override readonly name = 'UnfitAnswer'
}

/**
 * Reads an authority's answer to a check.
 * @param asked the facts of the check
 * @param facts all facts of the child
 * @throws UnfitAnswer for a fact without an answer, one that was not asked, or a value of another type; never with the value
 */
export function replyOf(timeline: Timeline, asked: readonly string[], facts: readonly ChildFact[], answers: Record<string, FactAnswer>): Reply {
  const stranger = Object.keys(answers).find((fact) => !asked.includes(fact))
  if (stranger !== undefined) throw new UnfitAnswer(`${stranger} was not asked`)
  const declared = declaredBy(timeline, facts)
  const reply: Reply = { facts: {}, none: [] }
  for (const fact of asked) {
    const answer = answers[fact]
    if (!answer) throw new UnfitAnswer(`${fact} is not answered`)
    if (answer.says === 'none') reply.none.push(fact)
    if (answer.says !== 'value') continue
    const statement = statementOf(timeline, fact, answer.value, declared)
    if ('wrong' in statement) throw new UnfitAnswer(`${fact} ${statement.wrong}`)
    Object.assign(reply.facts, statement.places, { [fact]: statement.value })
  }
  return reply
}

/** What the answers so far make of a check. */
export interface CheckProgress extends Reply {
  state: CaseState
}

/**
 * A check is `answered` once each of its facts has a value or is said to have none. It is `silent` when no answer can
 * come any more and a fact is still without: an authority that does not know is as good as a silent one. Of several
 * authorities one that contradicts the family outweighs one that agrees, then the one named first.
 * @param asked the facts of the check
 * @param replies one for each authority in the policy's order, null while it has not answered
 * @param facts all facts of the child
 */
export function progressOf(timeline: Timeline, asked: readonly string[], replies: readonly (Reply | null)[], facts: readonly ChildFact[]): CheckProgress {
  const declared = declaredBy(timeline, facts)
  const came = replies.filter((reply) => reply !== null)
  const stated: Reply = { facts: {}, none: [] }
  for (const fact of asked) {
    const saying = came.filter((reply) => reply.facts[fact] !== undefined)
    const counting = saying.find((reply) => reply.facts[fact] !== declared[fact]) ?? saying[0]
    for (const id of [fact, ...placeFactsOf(timeline, fact)]) {
      const value = counting?.facts[id]
      if (value !== undefined) stated.facts[id] = value
    }
    if (!counting && came.some(({ none }) => none.includes(fact))) stated.none.push(fact)
  }
  const settled = asked.every((fact) => stated.facts[fact] !== undefined || stated.none.includes(fact))
  return { ...stated, state: settled ? 'answered' : came.length < replies.length ? 'asked' : 'silent' }
}
