import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import type { PhaseId, SeasonId } from '../../../contracts/ids.js'
import { effectOf } from '../../../policies/timeline.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { enqueue } from '../../../platform/outbox/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { decideRound as decideUnits, isMethod } from '../domain/rounds/decide.js'
import type { SeedSource } from '../domain/rounds/seed.js'
import { roundEvent } from '../events/rounds.js'
import { allowStatements, type Tx } from '../store/database.js'
import { giveSeats, insertDecision, lockFreeSeats, markLeaving } from '../store/decisions.js'
import { lockPlaces } from '../store/places.js'
import { frozenUnits, roundOf, type RoundRow } from '../store/rounds.js'
import { phaseOf, type Allocation } from './allocation.js'
import { schoolsIn } from './round-map.js'
import { roundView } from './round-view.js'

/** Draws and decides a frozen round, once; results and seats in one transaction, visible to nobody yet. */
export const decideRound = ({ database, seeds, bulkTimeoutMs }: Allocation): Mounted =>
  implement(allocationEndpoints.decideRound, {
    timeoutMs: bulkTimeoutMs,
    handle: ({ params: { season, phase }, signal, remainingMs }) =>
      inTransaction(database, async (tx) => {
        await allowStatements(tx, remainingMs())
        return roundView(season, phase, await decideOnce(tx, season, phase, seeds))
      }, { signal, timeoutMs: remainingMs() }),
  })

async function decideOnce(tx: Tx, season: SeasonId, phaseId: PhaseId, seeds: SeedSource): Promise<RoundRow> {
  const { timeline, phase } = await phaseOf(tx, season, phaseId, 'round')
  const round = await roundOf(tx, season, phaseId, 'FOR UPDATE')
  if (!round || !isMethod(phase.method)) throw problem('round-conflict', `${phaseId} is not frozen yet`)
  if (round.state !== 'frozen') return round
  const units = await frozenUnits(tx, season, phaseId)
  await lockPlaces(tx, season, units.flatMap(({ members }) => members))
  const free = await lockFreeSeats(tx, season, await schoolsIn(tx, season, timeline, phase.seats))
  const seed = seeds({ season, phase: phaseId, listHash: round.listHash })
  const capacity = new Map([...free].map(([school, ordinals]) => [school, ordinals.length]))
  const decision = decideUnits(phase.method, units, capacity, seed.seed)
  const admitted = decision.results.filter(({ outcome }) => outcome === 'admitted').map(({ child }) => child)
  await giveSeats(tx, season, phaseId, decision.results, free)
  await markLeaving(tx, season, phaseId, admitted, { keeps: phase.keeps, releases: effectOf(phase, 'admitted').releases ?? [] })
  await insertDecision(tx, season, phaseId, seed, decision)
  const row = (await roundOf(tx, season, phaseId))!
  await enqueue(tx, 'allocation', [roundEvent('round-decided', season, phaseId, row.decidedAt!, { listHash: row.listHash })])
  return row
}
