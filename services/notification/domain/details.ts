import type { PhaseKind, RoundMethod } from '../../../policies/language.js'
import { effectOf, phaseById, phasesOfKind, type Span, type Timeline, type TimelinePhase } from '../../../policies/timeline.js'
import type { Paper } from './paper.js'

/** A phase in which something happens because of a paper. Instants in epoch ms. */
export interface Following extends Span {
  kind: PhaseKind
}

/** What a paper says of the policy. */
export interface PaperCalendar {
  /** The kind of phase the paper is about, and a round's method. */
  phaseKind: PhaseKind
  method?: RoundMethod
  /** Where the family has something to do because of this paper. */
  window?: Following
  /** Where a child goes that a round has not admitted. */
  next?: Following
  /** Why a closing phase ends a child, in the policy's words. */
  says?: string
}

/**
 * What a paper tells of: a place notice and a result the confirmation or check-in where the seat is taken up, a result
 * without a seat what the policy makes of it, a reminder its own phase; an admission letter, an arrangement and an end
 * ask for nothing more.
 * @param extended deadlines that were moved since the timeline was made, by phase
 */
export function calendarOf(timeline: Timeline, paper: Pick<Paper, 'phase' | 'kind' | 'school'>, extended: ReadonlyMap<string, number>): PaperCalendar | undefined {
  const phase = timeline.phases.find(({ id }) => id === paper.phase)
  if (!phase) return undefined
  const following = ({ id, kind, opensAt, closesAt }: TimelinePhase): Following => ({ kind, opensAt, closesAt: extended.get(id) ?? closesAt })
  const about = windowPhase(timeline, phase, paper.kind)
  const next = paper.kind === 'result' && paper.school === undefined ? effectOf(phase, 'not-admitted').then : undefined
  return {
    phaseKind: phase.kind,
    ...(phase.kind === 'round' && { method: phase.method }),
    ...(about && { window: following(about) }),
    ...(next !== undefined && { next: following(phaseById(timeline, next)) }),
    ...(phase.kind === 'closing' && phase.says !== undefined && { says: phase.says }),
  }
}

function windowPhase(timeline: Timeline, phase: TimelinePhase, kind: Paper['kind']): TimelinePhase | undefined {
  switch (kind) {
    case 'place-notice':
    case 'result': {
      const rounds = phase.kind === 'round' ? [phase.id] : 'of' in phase ? phase.of : []
      return [...phasesOfKind(timeline, 'confirmation'), ...phasesOfKind(timeline, 'check-in')]
        .find((takesUp) => takesUp.of.some((round) => rounds.includes(round)))
    }
    case 'reminder':
      return phase
    case 'admission-letter':
    case 'arrangement':
    case 'end':
      return undefined
  }
}
