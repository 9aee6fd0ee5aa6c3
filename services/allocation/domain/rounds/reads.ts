import { dependents } from '../../../../policies/dependents.js'
import { publishAtOf, readsOf, type Timeline, type TimelinePhase, type TimelinePhaseOf } from '../../../../policies/timeline.js'

/**
 * The phases this service owns that must have ended before a round is frozen: those it depends on and that end
 * no later than it, and among rounds of the same instant those that stand before it in the notice.
 */
export function mustHaveEnded(timeline: Timeline, round: TimelinePhase): TimelinePhase[] {
  return timeline.phases.filter((phase) => {
    if (phase.owner !== 'allocation' || phase.id === round.id) return false
    if (!dependents(timeline, phase.id).some((dependent) => dependent.id === round.id)) return false
    if (phase.kind === 'round') return isEarlier(phase, round)
    return WINDOWED.includes(phase.kind) && phase.closesAt <= round.opensAt
  })
}

const WINDOWED: readonly TimelinePhase['kind'][] = ['choice', 'check-in', 'confirmation', 'arrangement']

function isEarlier(other: TimelinePhaseOf<'round'>, round: TimelinePhase): boolean {
  return other.opensAt < round.opensAt || (other.opensAt === round.opensAt && other.index < round.index)
}

/** True if an earlier round's results are public by the time of this one, so that it must read them. */
export function mustBePublished(earlier: TimelinePhaseOf<'round'>, round: TimelinePhase): boolean {
  return publishAtOf(earlier) <= round.opensAt
}

/** The choice phases whose entries a round draws from: those its `who` reads. */
export function choicesOf(timeline: Timeline, round: TimelinePhaseOf<'round'>): TimelinePhaseOf<'choice'>[] {
  if (typeof round.who !== 'object') return []
  const { phases } = readsOf(round.who, timeline.rules)
  return timeline.phases.filter((phase): phase is TimelinePhaseOf<'choice'> => phase.kind === 'choice' && phases.has(phase.id))
}
