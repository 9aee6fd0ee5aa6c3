import type { EndState, Ended, EnrollmentEvent } from '../../../contracts/enrollment.js'
import type { ChildFact } from '../../../contracts/facts.js'
import { phasesOfKind, type Timeline } from '../../../policies/timeline.js'
import type { Paper } from './paper.js'

/** A paper that is due, before it has a number. */
export type DuePaper = Omit<Paper, 'number' | 'state' | 'issuedAt' | 'exchangedFor'>

/**
 * The papers by which a family learns what became of the child in published rounds and on a desk. Who is admitted by a
 * round with a notice gets that; a desk's ordinary seat comes with the admission letter. An admission whose seat was
 * given up for another one is no news.
 */
export function papersOfPlace(timeline: Timeline, { season, child, outcomes = {}, seats }: ChildFact): DuePaper[] {
  const all = [...(seats?.taken ? [seats.taken] : []), ...(seats?.held ?? [])]
  const noticed = new Set(phasesOfKind(timeline, 'notice').flatMap((notice) => notice.of))
  const results = phasesOfKind(timeline, 'round').flatMap(({ id: phase }): DuePaper[] => {
    const result = { season, child, phase, kind: 'result' } as const
    if (outcomes[phase] === 'not-admitted') return [result]
    const school = all.find(({ basis }) => basis === phase)?.school
    return outcomes[phase] === 'admitted' && school !== undefined && !noticed.has(phase) ? [{ ...result, school }] : []
  })
  const arrangements = phasesOfKind(timeline, 'arrangement').flatMap(({ id: phase }): DuePaper[] => {
    const seat = outcomes[phase] === 'placed' ? all.find(({ way }) => way !== undefined) : undefined
    return seat?.way ? [{ season, child, phase, kind: 'arrangement', school: seat.school, way: seat.way }] : []
  })
  return [...results, ...arrangements]
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
