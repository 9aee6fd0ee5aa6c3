import type { EndState, EnrollmentStatus } from '../../contracts/enrollment.js'
import type { Knowledge } from '../../policies/knowledge.js'
import { phasesOfKind, type Timeline } from '../../policies/timeline.js'
import type { EnrollmentState } from './state.js'

/** What a child may become next. Nothing follows an end; a seat or a case that falls away leaves what was before. */
export const TRANSITIONS: Record<EnrollmentStatus, readonly EnrollmentStatus[]> = {
  listed: ['registered', 'approved', 'refused', 'placed', 'enrolled', 'awaiting-arrangement', 'arranged', 'ended'],
  registered: ['approved', 'refused', 'placed', 'enrolled', 'awaiting-arrangement', 'arranged', 'ended'],
  approved: ['refused', 'placed', 'enrolled', 'awaiting-arrangement', 'arranged', 'ended'],
  refused: ['approved', 'placed', 'enrolled', 'awaiting-arrangement', 'arranged', 'ended'],
  placed: ['listed', 'registered', 'approved', 'refused', 'enrolled', 'awaiting-arrangement', 'arranged', 'ended'],
  enrolled: ['placed', 'awaiting-arrangement', 'ended'],
  'awaiting-arrangement': ['listed', 'registered', 'approved', 'refused', 'placed', 'enrolled', 'arranged', 'ended'],
  arranged: ['placed', 'enrolled', 'awaiting-arrangement', 'ended'],
  ended: [],
}

const STATUS_OF_END: Record<EndState['kind'], EnrollmentStatus> = {
  enrolled: 'enrolled', arranged: 'arranged', 'inclusive-class': 'arranged', 'home-teaching': 'arranged',
  deferral: 'ended', withdrawn: 'ended', ended: 'ended',
}

/** The one word for where a child stands; the strongest that holds. */
export function statusOf(state: EnrollmentState, knowledge: Knowledge, timeline: Timeline): EnrollmentStatus {
  if (state.end) return STATUS_OF_END[state.end.kind]
  if (knowledge.withdrawn || state.ended) return 'ended'
  if (knowledge.taken) return knowledge.taken.basis === 'arrangement' ? 'arranged' : 'enrolled'
  if (knowledge.held.some(({ basis }) => basis === 'arrangement')) return 'arranged'
  if (state.arrangement) return 'awaiting-arrangement'
  if (knowledge.held.length > 0) return 'placed'
  return reviewed(knowledge, timeline) ?? (Object.keys(knowledge.forms).length > 0 ? 'registered' : 'listed')
}

/**
 * Checks a change of status against {@link TRANSITIONS}.
 * @throws Error if there is no such change: a bug, not a refusal
 */
export function assertLegal(from: EnrollmentStatus, to: EnrollmentStatus): void {
  if (from !== to && !TRANSITIONS[from].includes(to)) throw new Error(`A child that is ${from} cannot become ${to}`)
}

function reviewed(knowledge: Knowledge, timeline: Timeline): 'approved' | 'refused' | undefined {
  const decided = phasesOfKind(timeline, 'review')
    .map(({ id }) => knowledge.outcomes[id])
    .filter((outcome) => outcome === 'approved' || outcome === 'refused')
  return decided.at(-1) as 'approved' | 'refused' | undefined
}
