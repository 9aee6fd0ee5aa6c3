import type { ChildFact } from '../../../contracts/facts.js'
import type { PhaseId } from '../../../contracts/ids.js'
import { phasesOfKind, toldAtOf, type Timeline, type TimelinePhaseOf } from '../../../policies/timeline.js'
import type { Case } from './case.js'
import { firstState } from './turn.js'

/** The reviews whose outcomes no family knows at an instant (ms). */
export const untoldReviews = (timeline: Timeline, at: number): ReadonlySet<PhaseId> =>
  new Set(phasesOfKind(timeline, 'review').filter((review) => toldAtOf(review) > at).map(({ id }) => id))

/** What a family may know of its child: without what these reviews found and decided. */
export const factsTold = (facts: readonly ChildFact[], untold: ReadonlySet<PhaseId>): ChildFact[] =>
  facts.filter(({ aggregate, id }) => aggregate !== 'case' || !untold.has(id))

/** A review as it began. */
export const asBegun = (theCase: Case, phase: TimelinePhaseOf<'review'>): Case =>
  ({ ...theCase, state: firstState(phase, theCase.school), revision: 0, findings: {}, steps: [] })
