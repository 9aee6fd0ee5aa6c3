import type { ArrangementCase } from '../../contracts/enrollment.js'
import type { Knowledge } from '../../policies/knowledge.js'
import { mayEnter, standing } from '../../policies/standing.js'
import { effectOf, phaseById, phasesOfKind, type TimelinePhaseOf } from '../../policies/timeline.js'
import { closingAt } from './boundaries.js'
import type { Setting } from './setting.js'
import type { EnrollmentState } from './state.js'

/**
 * The case a child has on the arrangement desk after what is known now: a new one for a flagged child without a
 * seat, none once there is a seat or an end, the next desk's once a desk is overdue and the policy says so.
 */
export function caseOf(state: EnrollmentState, knowledge: Knowledge, at: number, setting: Setting): ArrangementCase | undefined {
  if (state.ended || knowledge.withdrawn || knowledge.seat !== 'none') return undefined
  if (state.arrangement) return handedOn(state.arrangement, state, at, setting)
  return flaggedCase(state, knowledge, at, setting)
}

/** The case a phase of arrangement opens for a child without a seat, with what brought it there. */
export function openedCase(phase: string, knowledge: Knowledge, at: number, { timeline }: Setting): ArrangementCase {
  const { sentBy } = standing(timeline, phase, knowledge)
  return { phase, cause: sentBy ? { outcome: sentBy.outcome, of: sentBy.phase } : { noSeat: true }, openedAt: at }
}

function handedOn(open: ArrangementCase, state: EnrollmentState, at: number, { timeline }: Setting): ArrangementCase {
  if (state.outcomes[open.phase] !== 'overdue') return open
  const { then } = effectOf(phaseById(timeline, open.phase), 'overdue')
  // Where the policy ends such a child, its case stays where it is until then.
  const isDesk = then !== undefined && phaseById(timeline, then).kind === 'arrangement'
  return isDesk ? { phase: then, cause: { outcome: 'overdue', of: open.phase }, openedAt: at } : open
}

function flaggedCase(state: EnrollmentState, knowledge: Knowledge, at: number, setting: Setting): ArrangementCase | undefined {
  const flag = state.flags.at(-1)
  const desk = flag && deskFor(state, knowledge, at, setting)
  return desk ? { phase: desk.id, cause: { flaggedBy: flag.by, reason: flag.reason }, openedAt: at } : undefined
}

/**
 * Of the desks that have not closed the first that asks this child, else the first that is open, else the first to
 * open; when all have closed the season's last one. None if the policy has no desk.
 */
function deskFor(state: EnrollmentState, knowledge: Knowledge, at: number, { timeline }: Setting): TimelinePhaseOf<'arrangement'> | undefined {
  const desks = phasesOfKind(timeline, 'arrangement')
    .toSorted((a, b) => closingAt(state, a) - closingAt(state, b))
  const ahead = desks.filter((desk) => !state.closed.includes(desk.id) && closingAt(state, desk) > at)
  return ahead.find(({ id }) => mayEnter(timeline, id, knowledge) === 'yes')
    ?? ahead.find(({ opensAt }) => opensAt <= at)
    ?? ahead[0]
    ?? desks.at(-1)
}
