import type { ChildFact } from '../../../contracts/facts.js'
import type { PhaseId } from '../../../contracts/ids.js'
import type { Caller } from '../../../contracts/roles.js'
import { phasesOfKind, toldAtOf, type Timeline, type TimelinePhaseOf } from '../../../policies/timeline.js'
import type { Case } from './case.js'
import { firstState } from './turn.js'

/** The reviews whose outcomes a caller may not know at an instant (ms): of a family those of which nobody is told yet. */
export const untoldReviews = (timeline: Timeline, { role }: Caller, at: number): ReadonlySet<PhaseId> =>
  new Set(role === 'guardian' ? phasesOfKind(timeline, 'review').filter((review) => toldAtOf(review) > at).map(({ id }) => id) : [])

/** Facts without what these reviews found and decided. */
export const factsTold = (facts: readonly ChildFact[], untold: ReadonlySet<PhaseId>): ChildFact[] =>
  facts.filter(({ aggregate, id }) => aggregate !== 'case' || !untold.has(id))

/** A review as it began. */
export const asBegun = (theCase: Case, phase: TimelinePhaseOf<'review'>): Case =>
  ({ ...theCase, state: firstState(phase, theCase.school), revision: 0, findings: {}, steps: [] })
