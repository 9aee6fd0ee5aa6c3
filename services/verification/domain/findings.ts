import { randomBytes } from 'node:crypto'
import type { Fault } from '../../../contracts/problems.js'
import type { ChildFact, FactValue } from '../../../contracts/facts.js'
import { foldKnowledge, type Knowledge } from '../../../policies/knowledge.js'
import type { Timeline, TimelineFact, TimelinePhaseOf } from '../../../policies/timeline.js'
import { base32 } from '../../../platform/crypto.js'
import { problem } from '../../../platform/problem.js'

/** An address token that equals no other: all we learn is that the address is another one. */
export const differingToken = (): string => `differs:${base32(randomBytes(16), 25)}`

/**
 * What a reviewer stated about facts of the papers, as values: `confirmed` is the value the family declared,
 * `differs` an address that is none of those declared.
 * @param given by fact, as the request holds it
 * @throws Problem `unknown-field` for a fact this review does not find, `invalid-input` for a value of another type
 */
export function resolveFindings(
  timeline: Timeline,
  phase: TimelinePhaseOf<'review'>,
  facts: readonly ChildFact[],
  given: Record<string, FactValue>,
): Record<string, FactValue> {
  const strangers = Object.keys(given).filter((fact) => !phase.finds.includes(fact))
  if (strangers.length > 0) {
    const faults = strangers.map((fact) => ({ at: `/findings/${fact}`, message: `is not found by ${phase.id}` }))
    throw problem('unknown-field', `${phase.id} finds ${phase.finds.join(', ') || 'no facts'}`, { faults })
  }
  const declared = foldKnowledge(timeline, facts.filter((fact) => fact.aggregate !== 'case')).facts
  const faults: Fault[] = []
  const found: Record<string, FactValue> = {}
  for (const [fact, value] of Object.entries(given)) {
    const said = valueOf(timeline.facts[fact], value, declared[fact]?.value)
    if ('wrong' in said) faults.push({ at: `/findings/${fact}`, message: said.wrong })
    else found[fact] = said.value
  }
  if (faults.length > 0) throw problem('invalid-input', 'A finding does not fit its fact', { faults })
  return found
}

type Said = { value: FactValue } | { wrong: string }

function valueOf(type: TimelineFact | undefined, given: FactValue, declared: FactValue | undefined): Said {
  if (given === 'confirmed') return declared === undefined ? { wrong: 'nothing was declared that could be confirmed' } : { value: declared }
  if (type?.type === 'address') return given === 'differs' ? { value: differingToken() } : { wrong: 'an address is confirmed or differs' }
  const wrong = mistypedAs(type, given)
  return wrong === undefined ? { value: given } : { wrong }
}

function mistypedAs(type: TimelineFact | undefined, value: FactValue): string | undefined {
  switch (type?.type) {
    case 'yes-no':
      return typeof value === 'boolean' ? undefined : 'must be true or false'
    case 'number':
    case 'percent':
      return typeof value === 'number' ? undefined : 'must be a number'
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? undefined : 'must be a day, YYYY-MM-DD'
    case 'one-of':
      return type.of?.includes(String(value)) ? undefined : `must be one of ${type.of?.join(', ')}`
    default:
      return typeof value === 'string' ? undefined : 'must be a text'
  }
}

/**
 * Knowledge in which these findings are known, for a review that is not decided yet. Sums are made again.
 */
export function withFindings(timeline: Timeline, knowledge: Knowledge, findings: Record<string, FactValue>): Knowledge {
  const facts: Knowledge['facts'] = { ...knowledge.facts }
  for (const [fact, value] of Object.entries(findings)) facts[fact] = { value, source: 'finding', known: true }
  for (const [fact, { sum }] of Object.entries(timeline.facts)) {
    const parts = sum?.map((part) => facts[part])
    if (!parts || parts.some((part) => typeof part?.value !== 'number')) continue
    const total = parts.reduce((soFar, part) => soFar + Number(part?.value), 0)
    facts[fact] = { value: total, source: 'sum', known: parts.every((part) => part?.known) }
  }
  return { ...knowledge, facts }
}
