import type { PhaseKind } from '../../../policies/language.js'
import { phasesOfKind, type Span, type Timeline, type TimelinePhase } from '../../../policies/timeline.js'
import type { Paper } from './paper.js'

/** What a paper says about the calendar. Instants in epoch ms. */
export interface PaperCalendar {
  /** The kind of phase the paper is about. */
  phaseKind: PhaseKind
  /** The window in which the family has something to do because of this paper. */
  window?: Span
}

/**
 * The window a paper tells of: a place notice and a result that of the check-in where the seat is taken up, a reminder
 * that of its own phase; an admission letter and an arrangement ask for nothing more.
 * @param extended deadlines that were moved since the timeline was made, by phase
 */
export function calendarOf(timeline: Timeline, paper: Pick<Paper, 'phase' | 'kind'>, extended: ReadonlyMap<string, number>): PaperCalendar | undefined {
  const phase = timeline.phases.find(({ id }) => id === paper.phase)
  if (!phase) return undefined
  const about = windowPhase(timeline, phase, paper.kind)
  if (!about) return { phaseKind: phase.kind }
  const { opensAt } = about
  return { phaseKind: phase.kind, window: { opensAt, closesAt: extended.get(about.id) ?? about.closesAt } }
}

function windowPhase(timeline: Timeline, phase: TimelinePhase, kind: Paper['kind']): TimelinePhase | undefined {
  switch (kind) {
    case 'place-notice':
    case 'result': {
      const rounds = 'of' in phase ? phase.of : []
      return phasesOfKind(timeline, 'check-in').find((checkIn) => checkIn.of.some((round) => rounds.includes(round)))
    }
    case 'reminder':
      return phase
    case 'admission-letter':
    case 'arrangement':
      return undefined
  }
}
