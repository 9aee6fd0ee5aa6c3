import type { GroupId, PhaseId } from './language.js'
import { noReads, partsOf, phaseById, readsOf, readsOfRule, type Reads, type Timeline, type TimelinePhase } from './timeline.js'

/**
 * The phases that read or await this one: they ask by its outcome, its form or its facts; they show, take up
 * or exchange what it gave; it sends children to them or bars them; or they give out the seats it frees.
 */
export function dependents(timeline: Timeline, phaseId: PhaseId): TimelinePhase[] {
  const phase = phaseById(timeline, phaseId)
  return timeline.phases.filter((other) => other.id !== phaseId && dependsOn(timeline, other, phase))
}

/**
 * The last instant (ms) to which this phase may be extended: the opening of the first phase that depends on
 * it, or that phase's end where the two overlap by plan; for a round the start of its handover.
 */
export function latestClosing(timeline: Timeline, phaseId: PhaseId): number {
  const phase = phaseById(timeline, phaseId)
  const limits = dependents(timeline, phaseId)
    .map((other) => ({ opensAt: other.handover?.opensAt ?? other.opensAt, closesAt: other.closesAt }))
    .filter((other) => other.closesAt >= phase.closesAt)
    .map((other) => (other.opensAt >= phase.closesAt ? other.opensAt : other.closesAt))
  return Math.min(timeline.closesAt, ...limits)
}

function dependsOn(timeline: Timeline, other: TimelinePhase, phase: TimelinePhase): boolean {
  const reads = readsOfPhase(timeline, other)
  return reads.phases.has(phase.id)
    || (phase.kind === 'registration' && reads.forms.has(phase.form))
    || [...factsOf(phase)].some((fact) => reads.facts.has(fact))
    || ('of' in other && (other.of as string[]).includes(phase.id))
    || [...other.barredBy, ...other.sentBy].some((ref) => ref.phase === phase.id)
    || (other.opensAt >= phase.closesAt && awaitsSeatsOf(timeline, other, phase, reads))
}

/** What a phase reads to ask, to judge or to put in order. */
export function readsOfPhase(timeline: Timeline, phase: TimelinePhase): Reads {
  const reads = noReads()
  if (typeof phase.who === 'object') readsOf(phase.who, timeline.rules, reads)
  if (phase.kind === 'review') {
    for (const rule of [...phase.needs, ...phase.judges]) readsOfRule(rule, timeline.rules, reads)
  }
  if (phase.kind === 'round') {
    for (const order of phase.order) {
      if ('rule' in order) readsOfRule(order.rule, timeline.rules, reads)
      else reads.facts.add(order.fact)
    }
    for (const fact of [phase.address, phase.school, phase.near, phase.exceptZoneOf]) if (fact) reads.facts.add(fact)
  }
  for (const fact of [...reads.facts]) for (const part of partsOf(timeline.facts, fact)) reads.facts.add(part)
  return reads
}

function factsOf(phase: TimelinePhase): string[] {
  switch (phase.kind) {
    case 'registration':
      return phase.asks
    case 'check':
      return phase.answers
    case 'review':
      return phase.finds
    default:
      return []
  }
}

function awaitsSeatsOf(timeline: Timeline, other: TimelinePhase, phase: TimelinePhase, reads: Reads): boolean {
  const touched = seatsTouchedBy(timeline, phase)
  if (touched.size === 0) return false
  if (reads.seat || other.kind === 'arrangement' || other.kind === 'closing') return true
  const given = other.kind === 'round' ? other.seats : other.kind === 'publication' && other.what === 'vacancies' ? other.of : []
  return given.some((group) => touched.has(group))
}

/** Groups whose seats this phase gives, takes or frees. */
function seatsTouchedBy(timeline: Timeline, phase: TimelinePhase): Set<GroupId> {
  if (phase.kind === 'round' || phase.kind === 'arrangement') return new Set(phase.seats)
  if (phase.kind !== 'check-in' && phase.kind !== 'confirmation') return new Set()
  const released = Object.values(phase.effects).flatMap((effect) => effect.releases ?? [])
  return new Set([...phase.of, ...released].flatMap((id) => {
    const round = timeline.phases.find((candidate) => candidate.id === id)
    return round?.kind === 'round' ? round.seats : []
  }))
}
