import type { EnrollmentView } from '../../contracts/enrollment.js'
import type { Knowledge } from '../../policies/knowledge.js'
import { mayEnter } from '../../policies/standing.js'
import { phasesOfKind } from '../../policies/timeline.js'
import { boundariesOf, closingAt } from './boundaries.js'
import { knowledgeOf } from './knowing.js'
import type { Setting } from './setting.js'
import type { EnrollmentState } from './state.js'

/**
 * What the query `getEnrollment` answers.
 * @param at the workflow's time (ms); the next deadline is the first after it
 */
export function viewOf(state: EnrollmentState, at: number, setting: Setting): EnrollmentView {
  const knowledge = knowledgeOf(state, setting.timeline)
  const next = state.end ? undefined : nextDeadline(state, knowledge, at, setting)
  const { status, district } = state.shown
  return {
    season: setting.season,
    child: setting.child,
    ...(district ? { district } : {}),
    status,
    policy: setting.timeline.policy,
    outcomes: knowledge.outcomes,
    seats: { held: knowledge.held, ...(knowledge.taken ? { taken: knowledge.taken } : {}) },
    ...(next ? { next } : {}),
    ...(state.arrangement ? { arrangement: state.arrangement } : {}),
    flags: [...state.flags],
    ...(state.end ? { end: state.end } : {}),
  }
}

/** The first deadline ahead: what the workflow waits for, and choices the family may still make. */
function nextDeadline(state: EnrollmentState, knowledge: Knowledge, now: number, setting: Setting): EnrollmentView['next'] {
  const { timeline } = setting
  const choices = phasesOfKind(timeline, 'choice')
    .filter(({ id }) => !knowledge.outcomes[id] && mayEnter(timeline, id, knowledge) === 'yes')
    .map((phase) => ({ phase: phase.id, boundary: 'closes' as const, at: closingAt(state, phase) }))
  const ahead = [...boundariesOf(state, knowledge, setting), ...choices].filter(({ at }) => at > now)
  const [first] = ahead.toSorted((a, b) => a.at - b.at)
  return first && { phase: first.phase, boundary: first.boundary, at: first.at }
}
