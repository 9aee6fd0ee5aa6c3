import type { SchoolId, SeasonId } from '../../../contracts/ids.js'
import { effectOf, type TimelinePhaseOf } from '../../../policies/timeline.js'
import type { ChildResult } from '../domain/rounds/decide.js'
import type { Tx } from '../store/database.js'
import { freeReservedSeats, giveSeats, insertDecision, lockReservedSeats, markLeaving } from '../store/decisions.js'
import { lockPlaces } from '../store/places.js'

/** What is given: a round, or a supplement of it. */
interface Given {
  season: SeasonId
  phase: TimelinePhaseOf<'round'>
  supplement: number
}

/**
 * Gives what a round decided for these schools: seats and results, visible to nobody yet. What it has not given is free
 * again.
 */
export async function give(tx: Tx, { season, phase, supplement }: Given, schools: readonly SchoolId[], results: readonly ChildResult[]): Promise<void> {
  const admitted = results.filter(({ outcome }) => outcome === 'admitted').map(({ child }) => child)
  await lockPlaces(tx, season, results.map(({ child }) => child))
  await giveSeats(tx, season, phase.id, results, await lockReservedSeats(tx, season, phase.id, schools))
  await freeReservedSeats(tx, season, phase.id, schools)
  await markLeaving(tx, season, phase.id, admitted, { keeps: phase.keeps, releases: effectOf(phase, 'admitted').releases ?? [] })
  await insertDecision(tx, season, phase.id, supplement, results)
}
