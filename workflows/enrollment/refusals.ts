import { ActivityFailure, ApplicationFailure } from '@temporalio/common'
import { FAILURES, type ArrangeRequest } from '../../contracts/workflows.js'
import type { Knowledge } from '../../policies/knowledge.js'
import type { Way } from '../../policies/language.js'
import { phaseById, type Timeline } from '../../policies/timeline.js'
import type { EnrollmentState } from './state.js'

const refusal = (type: string, message: string) => ApplicationFailure.create({ type, message, nonRetryable: true })

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

/**
 * What the desk is told when the allocation did not give the place: its own refusal, or that it did not answer.
 * Any other error is a bug and comes back as it is.
 */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof ActivityFailure)) return error
  const { cause } = error
  if (cause instanceof ApplicationFailure && cause.nonRetryable && cause.type) return refusal(cause.type, cause.message)
  return refusal(FAILURES.timedOut, 'The allocation did not answer in time; whether the place was given shows on the next try')
}
