import type { FactValue } from '../../../contracts/facts.js'
import type { CaseState } from './case.js'
import { differingToken } from './findings.js'

export type AuthorityAnswer = 'match' | 'mismatch' | 'unknown'

/** What was asked of one authority about one fact, and what came back so far. */
export interface Question {
  authority: string
  fact: string
  /** Null while there is none. */
  answer: AuthorityAnswer | null
  /** What the answer states: the declared value, or one that differs from it; null for nothing. */
  value: FactValue | null
}

/**
 * The value an answer states: a match leaves what was declared, a mismatch puts a token there that equals nothing,
 * and an authority that does not know states nothing.
 */
export function stated(answer: AuthorityAnswer, declared: FactValue | undefined): FactValue | undefined {
  if (answer === 'match') return declared
  return answer === 'mismatch' ? differingToken() : undefined
}

/** What the answers so far make of a check. */
export interface CheckProgress {
  state: CaseState
  /** Values of the facts that were answered; a mismatch of one authority outweighs a match of another. */
  facts: Record<string, FactValue>
}

/**
 * A check is `answered` once each of its facts has been stated by an authority. It is `silent` when no answer can
 * come any more and a fact is still without one: an authority that does not know is as good as a silent one.
 */
export function progressOf(questions: readonly Question[]): CheckProgress {
  const facts: Record<string, FactValue> = {}
  for (const { fact, answer, value } of questions) {
    if (value === null || answer === null || answer === 'unknown') continue
    if (!(fact in facts) || answer === 'mismatch') facts[fact] = value
  }
  const lacking = new Set(questions.map(({ fact }) => fact).filter((fact) => !(fact in facts)))
  const waiting = questions.some(({ fact, answer }) => answer === null && lacking.has(fact))
  if (lacking.size === 0) return { state: 'answered', facts }
  return { state: waiting ? 'asked' : 'silent', facts }
}
