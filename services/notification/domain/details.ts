import type { PhaseKind, RoundMethod } from '../../../policies/language.js'
import { phaseById, phasesOfKind, type Span, type Timeline, type TimelinePhase } from '../../../policies/timeline.js'
import type { Paper } from './paper.js'

/** A phase in which something happens because of a paper. Instants in epoch ms. */
export interface Following extends Span {
  kind: PhaseKind
  /** What the policy calls it. */
  label?: string
  /** Whose desk the family goes to; without one it is done online. */
  desk?: string
  /** Papers to bring, as the notice names them. */
  brings?: string[]
}

/** What a paper says of the policy. */
export interface PaperCalendar {
  /** The kind of phase the paper is about, what the policy calls it, and a round's method. */
  phaseKind: PhaseKind
  label?: string
  method?: RoundMethod
  /** Where the family has something to do because of this paper. */
  window?: Following
  /** Where a child goes on that was not admitted. */
  next?: Following
  /** Why a closing phase ends a child or a review refuses it, in the policy's words. */
  says?: string
}

/**
 * What a paper tells of: a place notice and a result the confirmation or check-in where the seat is taken up, a result
 * without a seat where the child goes on, a reminder its own phase; an admission letter, an arrangement and an end
 * ask for nothing more.
 * @param extended deadlines that were moved since the timeline was made, by phase
 */
export function calendarOf(timeline: Timeline, paper: Pick<Paper, 'phase' | 'kind' | 'school' | 'next' | 'reason'>, extended: ReadonlyMap<string, number>): PaperCalendar | undefined {
  const phase = timeline.phases.find(({ id }) => id === paper.phase)
  if (!phase) return undefined
  const following = ({ id, kind, label, opensAt, closesAt, ...terms }: TimelinePhase): Following => ({
    kind, opensAt, closesAt: extended.get(id) ?? closesAt,
    ...(label !== undefined && { label }),
    ...('desk' in terms && terms.desk !== undefined && { desk: terms.desk }),
    ...('brings' in terms && terms.brings.length > 0 && { brings: terms.brings }),
  })
  const about = windowPhase(timeline, phase, paper.kind)
  const says = saidBy(timeline, phase, paper.reason)
  return {
    phaseKind: phase.kind,
    ...(phase.label !== undefined && { label: phase.label }),
    ...(phase.kind === 'round' && { method: phase.method }),
    ...(about && { window: following(about) }),
    ...(paper.next !== undefined && { next: following(phaseById(timeline, paper.next)) }),
    ...(says !== undefined && { says }),
  }
}

/** The words of a closing, and those of the rules for which a review refuses. */
function saidBy(timeline: Timeline, phase: TimelinePhase, reason: string | undefined): string | undefined {
  if (phase.kind === 'closing') return phase.says
  if (phase.kind !== 'review' || reason === undefined) return undefined
  return reason.split(' ').map((rule) => `“${timeline.rules[rule]?.says ?? rule}”`).join('、')
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
