import { FAILURES, type ArrangeRequest } from '../../contracts/workflows.js'
import type { Knowledge } from '../../policies/knowledge.js'
import type { Way } from '../../policies/language.js'
import { phaseById, type Timeline } from '../../policies/timeline.js'
import { refusal } from '../refusal.js'
import type { EnrollmentState } from './state.js'

/**
 * Whether the desk may decide about this child now.
 * @throws ApplicationFailure `invalid-input`, `season-closed`, `already-seated`, `no-open-case`, `way-not-offered`
 */
export function refuseArrangement(request: ArrangeRequest, state: EnrollmentState, knowledge: Knowledge, timeline: Timeline): void {
  const { officer, reason, decision } = request
  const chosen = 'place' in decision ? decision.place : decision.end
  if (!officer || !reason?.trim() || !chosen?.trim()) {
    throw refusal(FAILURES.invalidInput, 'A decision names its officer, its reason, and a school or the reason of an end')
  }
  if (state.end || state.ended || knowledge.withdrawn) throw refusal(FAILURES.seasonClosed, 'The season has ended for this child')
  if (knowledge.seat !== 'none') throw refusal(FAILURES.alreadySeated, 'The child has a seat already')
  if (!state.arrangement) throw refusal(FAILURES.noOpenCase, 'The child has no open case on the desk')
  refuseWay(decision.way, state.arrangement.phase, timeline)
}

function refuseWay(way: Way | undefined, desk: string, timeline: Timeline): void {
  const phase = phaseById(timeline, desk)
  const ways = phase.kind === 'arrangement' ? phase.ways : []
  if (way !== undefined && !ways.includes(way)) throw refusal(FAILURES.wayNotOffered, `${desk} has no ${way}`)
}
