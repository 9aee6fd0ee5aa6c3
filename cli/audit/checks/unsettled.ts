import { END_REASONS, type EndState } from '../../../contracts/enrollment.js'
import { phasesOfKind, type Timeline, type TimelinePhase } from '../../../policies/timeline.js'
import type { EventLog } from '../sources/event-log.js'
import { isAsked, momentAt, readingsAt, type Moment } from './known.js'

type Log = Pick<EventLog, 'told' | 'closedAt' | 'endedAt' | 'desks'>

/**
 * Why a child without a seat should not have ended so, by what was told of it: a closing phase ended it that did not ask
 * it then, or none did and a desk or a closing phase should have; undefined if it is as the policy says.
 */
export function unsettledFault(timeline: Timeline, child: string, end: EndState, log: Log): string | undefined {
  if (end.kind !== 'ended') return undefined
  if (end.reason === END_REASONS.noSeat) return forgottenFault(timeline, child, log)
  const closing = phasesOfKind(timeline, 'closing').find(({ id }) => id === end.phase)
  if (!closing) return undefined
  const at = log.endedAt.get(child)!
  if (at < closing.closesAt) return `ended by ${closing.id} before its time`
  return isAskedAt(timeline, child, closing, log, momentAt(log, at)) ? undefined : `ended by ${closing.id}, which did not ask it`
}

function forgottenFault(timeline: Timeline, child: string, log: Log): string | undefined {
  const had = log.desks.get(child) ?? new Set()
  const undecided = phasesOfKind(timeline, 'arrangement').find(({ id, effects }) => had.has(id) && effects.overdue === undefined)
  if (undecided) return `ended ${END_REASONS.noSeat}: left undecided by ${undecided.id}, which is to end every case`
  const asking = timeline.phases.find((phase) => (phase.kind === 'arrangement' ? !had.has(phase.id) : phase.kind === 'closing')
    && isAskedAt(timeline, child, phase, log, endOf(timeline, phase, log)))
  return asking && `ended ${END_REASONS.noSeat}, and ${asking.id} should have had it`
}

const isAskedAt = (timeline: Timeline, child: string, { id }: TimelinePhase, { told }: Log, moment: Moment): boolean =>
  readingsAt(timeline, told.get(child) ?? [], moment).some((reading) => isAsked(timeline, id, reading))

/** The moment when a desk or a closing phase has had its time: all that ends no later has been closed by its owner. */
function endOf({ phases }: Timeline, phase: TimelinePhase, log: Log): Moment {
  const over = phases.filter(({ id, closesAt }) => id !== phase.id && closesAt <= phase.closesAt && log.closedAt.has(id)).map(({ id }) => id)
  return { at: Math.max(phase.closesAt, log.closedAt.get(phase.id) ?? 0, ...over.map((id) => log.closedAt.get(id)!)), closed: new Set(over) }
}
