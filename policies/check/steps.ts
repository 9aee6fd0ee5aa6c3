import type { PhaseId, PhaseKind } from '../language.js'
import type { Timeline, TimelinePhase } from '../timeline.js'

/** A moment at which a phase can give a child an outcome: early in its window, or when it is settled. */
export interface Step {
  phase: TimelinePhase
  moment: 'early' | 'settled'
  at: number
}

/** All steps of a season in order, and where each phase stands in it. */
export interface Steps {
  order: Step[]
  /** Index of the first step at which the phase can give an outcome. */
  earliest: Map<PhaseId, number>
  /** Index of the step at which the phase is settled. */
  settled: Map<PhaseId, number>
}

const RANK = { close: 0, decide: 1, open: 2 } as const

/** Kinds by which nothing happens to the child itself. */
const SHOWING: readonly PhaseKind[] = ['result', 'publication']

/** At one instant windows close first, then decisions fall in the notice's order, then windows open. */
export function stepsOf(timeline: Timeline): Steps {
  const order = timeline.phases
    .flatMap((phase): (Step & { rank: number })[] => {
      if (phase.opensAt === phase.closesAt) return [{ phase, moment: 'settled', at: phase.closesAt, rank: RANK.decide }]
      const settled = { phase, moment: 'settled' as const, at: phase.closesAt, rank: RANK.close }
      if (SHOWING.includes(phase.kind)) return [settled]
      return [{ phase, moment: 'early', at: phase.opensAt, rank: RANK.open }, settled]
    })
    .sort((a, b) => a.at - b.at || a.rank - b.rank || a.phase.index - b.phase.index)
  const earliest = new Map<PhaseId, number>()
  const settled = new Map<PhaseId, number>()
  for (const [index, { phase, moment }] of order.entries()) {
    if (!earliest.has(phase.id)) earliest.set(phase.id, index)
    if (moment === 'settled') settled.set(phase.id, index)
  }
  return { order, earliest, settled }
}

/** True if the phase only shows something and asks nothing of a child. */
export function onlyShows(kind: PhaseKind): boolean {
  return SHOWING.includes(kind)
}
