import type { FactValue } from '../../../contracts/facts.js'
import type { Reviewer } from '../../../policies/language.js'

export const CASE_STATES = [
  'open', 'asked', 'answered', 'silent', 'at-school', 'at-district', 'at-office', 'approved', 'refused', 'undecided',
] as const
/**
 * Where a case stands. A check is `open` until its first question goes out, then `asked`, and ends `answered` or
 * `silent`; a review is at the office whose turn it is and ends `approved`, `refused` or `undecided`.
 */
export type CaseState = (typeof CASE_STATES)[number]

export type Verdict = 'approved' | 'refused'

/** One office's decision on a case. */
export interface Step {
  by: Reviewer
  outcome: Verdict
  reason?: string
  /** Opaque subject of the token that decided. */
  officer: string
  /** Epoch ms. */
  receivedAt: number
}

/** A child's case of one check or review. Holds opaque tokens where papers hold addresses. */
export interface Case {
  season: string
  child: string
  phase: string
  kind: 'check' | 'review'
  state: CaseState
  /** The school that reviews; absent where no zone or fact names one, and then the district's staff do its part. */
  school?: string
  district?: string
  /** Of the fact this case states; 0 before the first one. */
  revision: number
  /** What the review found so far. */
  findings: Record<string, FactValue>
  steps: Step[]
}

/** Whether nothing can happen to the case any more. */
export const isFinal = (state: CaseState): boolean =>
  state === 'answered' || state === 'silent' || state === 'approved' || state === 'refused' || state === 'undecided'

/**
 * What becomes of a case on which nobody decided when its phase closed. It is no outcome that the case states:
 * it is what the lack of a positive one means.
 */
export const atClose = (kind: Case['kind']): CaseState => (kind === 'check' ? 'silent' : 'undecided')
