import type { PhaseKind } from '../../../../policies/language.js'
import { phasesOfKind, type Timeline, type TimelinePhase } from '../../../../policies/timeline.js'

/** Share of the children who act in the first phase of a kind, about, and in each later one. */
const ACTING: Record<PhaseKind, readonly [first: number, later: number]> = {
  registration: [1, 0.1], choice: [0.3, 0.1], check: [0.6, 0.1], review: [1, 0.1], 'check-in': [1.1, 0.1],
  confirmation: [0.3, 0.1], arrangement: [0.25, 0.2],
  round: [0, 0], notice: [0, 0], result: [0, 0], publication: [0, 0], closing: [0, 0],
}

export const actingByKind = (timeline: Timeline, children: number) => ({ id, kind }: TimelinePhase): number =>
  children * ACTING[kind][phasesOfKind(timeline, kind)[0]?.id === id ? 0 : 1]
