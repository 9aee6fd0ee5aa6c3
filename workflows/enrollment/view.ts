import type { EnrollmentView } from '../../contracts/enrollment.js'
import { boundariesOf } from './boundaries.js'
import { knowledgeOf } from './knowing.js'
import type { Setting } from './setting.js'
import type { EnrollmentState } from './state.js'

/**
 * What the query `getEnrollment` answers.
 * @param at the workflow's time (ms); the next deadline is the first after it
 */
export function viewOf(state: EnrollmentState, at: number, setting: Setting): EnrollmentView {
  const knowledge = knowledgeOf(state, setting.timeline)
  const next = state.end ? undefined : boundariesOf(state, knowledge, setting)
    .filter((boundary) => boundary.at > at)
    .reduce<ReturnType<typeof boundariesOf>[number] | undefined>((first, other) => (first && first.at <= other.at ? first : other), undefined)
  const { status, district } = state.shown
  return {
    season: setting.season,
    child: setting.child,
    ...(district ? { district } : {}),
    status,
    policy: setting.timeline.policy,
    outcomes: knowledge.outcomes,
    seats: { held: knowledge.held, ...(knowledge.taken ? { taken: knowledge.taken } : {}) },
    ...(next ? { next: { phase: next.phase, boundary: next.boundary, at: next.at } } : {}),
    ...(state.arrangement ? { arrangement: state.arrangement } : {}),
    flags: [...state.flags],
    ...(state.end ? { end: state.end } : {}),
  }
}
