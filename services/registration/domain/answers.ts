import { address } from '../../../contracts/http/registration.js'
import type { FactValue } from '../../../contracts/facts.js'
import type { Fault } from '../../../contracts/problems.js'
import type { Timeline, TimelinePhaseOf } from '../../../policies/timeline.js'
import type { Address } from './address.js'
import { misfit } from './factValues.js'
import type { Catalogue } from './zones.js'

/** Answers of a form by fact id. Personal data. */
export type Answers = Record<string, Address | FactValue>

export type Judged = { ok: true } | { ok: false; unknownField: boolean; faults: Fault[] }

export interface Submission {
  answers: Answers
  signed?: boolean | undefined
}

export interface FormRules {
  timeline: Timeline
  phase: TimelinePhaseOf<'registration'>
  catalogue: Catalogue
}

/**
 * Judges a form against what the phase asks: every asked fact answered in its type, nothing else, and signed
 * where the policy wants it. All faults at once, each with its JSON pointer.
 */
export function judgeSubmission({ timeline, phase, catalogue }: FormRules, submission: Submission): Judged {
  const unknown = Object.keys(submission.answers)
    .filter((id) => !phase.asks.includes(id))
    .map((id): Fault => ({ at: pointer(id), message: `${phase.id} does not ask this` }))
  const wrong = phase.asks.flatMap((id) => faultOf(timeline, catalogue, id, submission.answers[id]))
  const unsigned: Fault[] = phase.signed && submission.signed !== true
    ? [{ at: '/body/signed', message: `the form must be signed by the ${phase.signed}` }]
    : []
  const faults = [...unknown, ...wrong, ...unsigned]
  return faults.length === 0 ? { ok: true } : { ok: false, unknownField: unknown.length > 0, faults }
}

function faultOf(timeline: Timeline, catalogue: Catalogue, id: string, answer: Answers[string] | undefined): Fault[] {
  const fact = timeline.facts[id]
  if (answer === undefined) return [{ at: pointer(id), message: 'must be answered' }]
  if (!fact) return [{ at: pointer(id), message: 'is a fact the policy does not know' }]
  if (fact.type === 'address' && typeof answer === 'object') {
    const read = address.safeParse(answer)
    return read.success ? [] : read.error.issues.map((issue) => ({ at: `${pointer(id)}/${issue.path.join('/')}`, message: issue.message }))
  }
  const reason = misfit(fact, answer, catalogue)
  return reason ? [{ at: pointer(id), message: reason }] : []
}

const pointer = (id: string): string => `/body/answers/${id.replaceAll('~', '~0').replaceAll('/', '~1')}`

/** The address answers of a form, by fact id. */
export const addressesOf = (answers: Answers): [id: string, address: Address][] =>
  Object.entries(answers).filter((entry): entry is [string, Address] => typeof entry[1] === 'object')
