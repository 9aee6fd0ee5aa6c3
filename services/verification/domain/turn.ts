import type { Role } from '../../../contracts/roles.js'
import type { Reviewer } from '../../../policies/language.js'
import type { TimelinePhaseOf } from '../../../policies/timeline.js'
import type { Case, CaseState } from './case.js'

/** The step that comes next in a review, or undefined when every office has had its turn. */
export const nextStep = (phase: Pick<TimelinePhaseOf<'review'>, 'by'>, done: number): Reviewer | undefined => phase.by[done]

/**
 * Who decides a step: the reviewing school its own, the district's staff those of the district and of its
 * admission office, and also the school's where no school could be named.
 */
export const roleOf = (step: Reviewer, school: string | undefined): Role =>
  step === 'school' && school !== undefined ? 'school' : 'district'

/** The state of a case that waits for this step. */
export function waitingFor(step: Reviewer, school: string | undefined): CaseState {
  if (step === 'office') return 'at-office'
  return roleOf(step, school) === 'school' ? 'at-school' : 'at-district'
}

/** The state in which a new case begins. */
export function firstState(phase: TimelinePhaseOf<'review'> | TimelinePhaseOf<'check'>, school: Case['school']): CaseState {
  if (phase.kind === 'check') return 'open'
  const step = nextStep(phase, 0)
  if (!step) throw new RangeError(`review ${phase.id} has no step`)
  return waitingFor(step, school)
}
