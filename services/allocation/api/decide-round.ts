import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import type { PhaseId, SeasonId } from '../../../contracts/ids.js'
import type { Location } from '../../../contracts/residual.js'
import { effectOf, type TimelinePhaseOf } from '../../../policies/timeline.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import type { Log } from '../../../platform/log.js'
import { enqueue } from '../../../platform/outbox/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { childResults, decideRound as decideSoundly, UnsoundRound, type ChildResult } from '../domain/rounds/decide.js'
import { decideResidual, proposedResults, residualFileOf } from '../domain/rounds/residual/near-home.js'
import { roundFileOf, type AtDecision } from '../domain/rounds/round-file.js'
import type { SeedSource } from '../domain/rounds/seed.js'
import type { RoundUnit } from '../domain/rounds/unit.js'
import { roundEvent } from '../events/rounds.js'
import { allowStatements, type Tx } from '../store/database.js'
import { giveSeats, insertDecision, insertRun, lockFreeSeats, markLeaving, type Run } from '../store/decisions.js'
import { lockPlaces } from '../store/places.js'
import { frozenUnits, roundOf, type RoundRow } from '../store/rounds.js'
import { schoolLocations } from '../store/schools.js'
import { phaseOf, type Allocation } from './allocation.js'
import { schoolsIn } from './round-map.js'
import { roundView } from './round-view.js'

/** A round is decided once: who takes part and the plans are fixed from the freeze on. */
const ONLY_RUN = 1
/** As many of the things that are wrong as a log line holds. */
const TOLD = 20

/** Draws and decides a frozen round, once; results and seats in one transaction, visible to nobody yet. */
export const decideRound = ({ database, seeds, bulkTimeoutMs }: Allocation): Mounted =>
  implement(allocationEndpoints.decideRound, {
    timeoutMs: bulkTimeoutMs,
    handle: ({ params: { season, phase }, caller, log, signal, remainingMs }) =>
      inTransaction(database, async (tx) => {
        await allowStatements(tx, remainingMs())
        return roundView(season, phase, await decideOnce(tx, season, phase, { askedBy: caller.subject, seeds, log }))
      }, { signal, timeoutMs: remainingMs() }),
  })

interface Asked {
  askedBy: string
  seeds: SeedSource
  log: Log
}

async function decideOnce(tx: Tx, season: SeasonId, phaseId: PhaseId, { askedBy, seeds, log }: Asked): Promise<RoundRow> {
  const { timeline, phase } = await phaseOf(tx, season, phaseId, 'round')
  const round = await roundOf(tx, season, phaseId, 'FOR UPDATE')
  if (!round) throw problem('round-conflict', `${phaseId} is not frozen yet`)
  if (round.state !== 'frozen') return round
  const units = await frozenUnits(tx, season, phaseId)
  await lockPlaces(tx, season, units.flatMap(({ members }) => members))
  const free = await lockFreeSeats(tx, season, await schoolsIn(tx, season, timeline, phase.seats))
  const seed = seeds({ season, phase: phaseId, listHash: round.listHash })
  const seats = new Map([...free].map(([school, ordinals]) => [school, ordinals.length]))
  const atDecision = { season, run: ONLY_RUN, seats, seed: seed.seed }
  const { results, ...decided } = await orAlarm(log, async () =>
    phase.method === 'residual' ? proposeNearHome(phase, units, await schoolLocations(tx, season), atDecision) : decideInOrder(phase, units, atDecision))
  const run: Run = { run: ONLY_RUN, askedBy, ...decided }
  const admitted = results.filter(({ outcome }) => outcome === 'admitted').map(({ child }) => child)
  await giveSeats(tx, season, phaseId, results, free)
  await markLeaving(tx, season, phaseId, admitted, { keeps: phase.keeps, releases: effectOf(phase, 'admitted').releases ?? [] })
  await insertRun(tx, season, phaseId, run)
  await insertDecision(tx, season, phaseId, run, seed, results)
  const row = (await roundOf(tx, season, phaseId))!
  const { listHash, inputDigest } = row
  await enqueue(tx, 'allocation', [roundEvent('round-decided', season, phaseId, row.decidedAt!, { listHash, run: ONLY_RUN, inputDigest })])
  return row
}

interface Decided extends Pick<Run, 'input' | 'result'> {
  results: ChildResult[]
}

function decideInOrder(phase: TimelinePhaseOf<'round'>, units: readonly RoundUnit[], at: AtDecision): Decided {
  const input = roundFileOf(phase, units, at)
  const result = decideSoundly(input)
  return { input, result, results: childResults(input, result) }
}

function proposeNearHome({ id }: TimelinePhaseOf<'round'>, units: readonly RoundUnit[], locations: ReadonlyMap<string, Location>, at: AtDecision): Decided {
  const input = residualFileOf(id, units, locations, at)
  const result = decideResidual(input)
  return { input, result, results: proposedResults(input, result) }
}

/** Nothing of an unsound result is stored; somebody must look at it. */
async function orAlarm(log: Log, decide: () => Promise<Decided>): Promise<Decided> {
  try {
    return await decide()
  } catch (error) {
    if (error instanceof UnsoundRound) log.fatal({ round: error.round, wrong: error.wrong.slice(0, TOLD) }, 'a round is held back: its result is unsound')
    throw error
  }
}
