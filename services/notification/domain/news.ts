import type { EndState, Ended, EnrollmentEvent } from '../../../contracts/enrollment.js'
import type { ChildFact } from '../../../contracts/facts.js'
import { foldKnowledge, type Knowledge } from '../../../policies/knowledge.js'
import { mayEnter } from '../../../policies/standing.js'
import { effectOf, phaseById, phasesOfKind, publishAtOf, toldAtOf, type Timeline, type TimelinePhase } from '../../../policies/timeline.js'
import type { Paper } from './paper.js'

/** A paper that is due, before it has a number. */
export type DuePaper = Omit<Paper, 'number' | 'state' | 'issuedAt' | 'exchangedFor'>

/**
 * The papers by which a family learns what became of the child in published rounds and on a desk, and that it missed to
 * take a seat up. Who is admitted by a round with a notice gets that; a desk's ordinary seat comes with the admission
 * letter. An admission whose seat was given up for another one is no news, nor is a missed check-in behind which there
 * is nothing: its end is told.
 * @param facts what else is known of the child
 */
export function papersOfPlace(timeline: Timeline, fact: ChildFact, facts: readonly ChildFact[]): DuePaper[] {
  const { season, child, outcomes = {}, seats } = fact
  const all = [...(seats?.taken ? [seats.taken] : []), ...(seats?.held ?? [])]
  const noticed = new Set(phasesOfKind(timeline, 'notice').flatMap((notice) => notice.of))
  const knowledge = foldKnowledge(timeline, [...facts, fact])
  const resultOf = (phase: string, outcome: string): DuePaper => {
    const next = nextAfter(timeline, phase, outcome, knowledge)
    return { season, child, phase, kind: 'result', ...(next !== undefined && { next }) }
  }
  const results = phasesOfKind(timeline, 'round').flatMap(({ id: phase }): DuePaper[] => {
    if (outcomes[phase] === 'not-admitted') return [resultOf(phase, 'not-admitted')]
    const school = all.find(({ basis }) => basis === phase)?.school
    return outcomes[phase] === 'admitted' && school !== undefined && !noticed.has(phase) ? [{ season, child, phase, kind: 'result', school }] : []
  })
  const missed = [...phasesOfKind(timeline, 'confirmation'), ...phasesOfKind(timeline, 'check-in')]
    .filter(({ id }) => outcomes[id] === 'missed')
    .map(({ id }) => resultOf(id, 'missed'))
    .filter(({ next }) => next !== undefined)
  const arrangements = phasesOfKind(timeline, 'arrangement').flatMap(({ id: phase }): DuePaper[] => {
    const seat = outcomes[phase] === 'placed' ? all.find(({ way }) => way !== undefined) : undefined
    return seat?.way ? [{ season, child, phase, kind: 'arrangement', school: seat.school, way: seat.way }] : []
  })
  return [...results, ...missed, ...arrangements]
}

/**
 * The papers by which a family learns that a review refused its child, for which rules and what is open to it, each with
 * the instant (epoch ms) before which nobody is told.
 * @param facts what else is known of the child
 */
export function papersOfReview(timeline: Timeline, fact: ChildFact, facts: readonly ChildFact[]): { paper: DuePaper; dueAt: number }[] {
  const { season, child, outcomes = {}, unmet } = fact
  const knowledge = foldKnowledge(timeline, [...facts, fact])
  return phasesOfKind(timeline, 'review').filter(({ id }) => outcomes[id] === 'refused').map((review) => {
    const next = nextAfter(timeline, review.id, 'refused', knowledge)
    const paper: DuePaper = { season, child, phase: review.id, kind: 'result', ...(unmet && { reason: unmet.join(' ') }), ...(next !== undefined && { next }) }
    return { paper, dueAt: toldAtOf(review) }
  })
}

/**
 * Where a child goes on after an outcome: where that sends it, if it may go there; else to the first application or choice
 * that opens after the result and asks it, or after a missed check-in to a desk that does.
 */
function nextAfter(timeline: Timeline, phaseId: string, outcome: string, knowledge: Knowledge): string | undefined {
  const phase = phaseById(timeline, phaseId)
  const { then } = effectOf(phase, outcome)
  if (then !== undefined && mayEnter(timeline, then, knowledge) !== 'no') return then
  const after = phase.kind === 'round' ? publishAtOf(phase) : phase.publishAt ?? phase.closesAt
  const asks = ({ id }: TimelinePhase) => mayEnter(timeline, id, knowledge) === 'yes'
  const ahead = timeline.phases.filter(({ kind, opensAt }) => (kind === 'registration' || kind === 'choice') && opensAt >= after)
  const desks = phase.kind === 'check-in' ? phasesOfKind(timeline, 'arrangement') : []
  return [...ahead.toSorted((a, b) => a.opensAt - b.opensAt), ...desks].find(asks)?.id
}

/** The paper by which a family learns that the season has ended for its child without a seat; who left is not written to. */
export function papersOfEnd({ season, child, ended, end }: EnrollmentEvent): DuePaper[] {
  const without = ended ?? endedAs(end)
  if (!without) return []
  const { phase, reason, way } = without
  return [{ season, child, phase, kind: way ? 'arrangement' : 'end', reason, ...(way && { way }) }]
}

function endedAs(end: EndState | undefined): Ended | undefined {
  if (end?.kind !== 'ended' && end?.kind !== 'deferral') return undefined
  const { kind, phase, reason } = end
  return { phase, reason, ...(kind === 'deferral' && { way: kind }) }
}
