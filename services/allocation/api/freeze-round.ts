import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import type { DrawRound, DrawTranscript } from '../../../contracts/draw.js'
import type { PhaseId, SeasonId } from '../../../contracts/ids.js'
import type { Timeline, TimelinePhaseOf } from '../../../policies/timeline.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import type { Log } from '../../../platform/log.js'
import { enqueue } from '../../../platform/outbox/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { freeze as freezeDraw } from '../domain/draw/ceremony.js'
import { frozenFaults } from '../domain/draw/frozen-faults.js'
import { groupsOf, wholeGroup } from '../domain/draw/groups.js'
import { instantAfter } from '../domain/draw/instants.js'
import { ruleOf } from '../domain/draw/rule.js'
import { standingOf } from '../domain/draw/standing.js'
import { listHash } from '../domain/rounds/list.js'
import { candidateOf, oneOfOutcomes } from '../domain/rounds/candidates.js'
import { isDecidedHere } from '../domain/rounds/order.js'
import { roundFileOf } from '../domain/rounds/round-file.js'
import { formUnits, type Candidate } from '../domain/rounds/units.js'
import { stepEvent } from '../events/rounds.js'
import { candidateFacts } from '../store/candidates.js'
import { lockCatalogue } from '../store/catalogue.js'
import { allowStatements, databaseNow, readOneInstant, type Tx } from '../store/database.js'
import { lockReservedSeats, reserveFreeSeats } from '../store/decisions.js'
import { beginAgain, insertFrozen, roundOf, type RoundRow } from '../store/rounds.js'
import { refuseUnready, type Expected } from '../store/readiness.js'
import { insertStep, lastStepOf, transcriptOf, type OfRun } from '../store/steps.js'
import { closedPhases } from '../store/windows.js'
import { TOLD } from './alarm.js'
import { phaseOf, type Allocation, type Ceremony } from './allocation.js'
import { roundMap, schoolsIn } from './round-map.js'
import { roundView } from './round-view.js'

/** Fixes who takes part in a round and the seats it gives, and announces their hashes before there is any randomness. */
export const freezeRound = (allocation: Allocation): Mounted =>
  implement(allocationEndpoints.freezeRound, {
    timeoutMs: allocation.bulkTimeoutMs,
    handle: ({ params: { season, phase }, body: { expects, run, officer }, caller, log, signal, remainingMs }) =>
      inTransaction(allocation.database, async (tx) => {
        await readOneInstant(tx)
        await lockCatalogue(tx, 'SHARE')
        await allowStatements(tx, remainingMs())
        const of = { season, phase, run, supplement: 0 }
        const round = await roundOf(tx, season, phase)
        const freezing: Freezing = { allocation, of, askedBy: officer ?? caller.subject, log }
        if (!round) await freeze(tx, freezing, expects)
        else if (run > round.run) await freezeAgain(tx, freezing, round)
        return roundView(season, phase, await roundOf(tx, season, phase), await lastStepOf(tx, of))
      }, { signal, timeoutMs: remainingMs() }),
  })

interface Freezing {
  allocation: Allocation
  of: OfRun
  askedBy: string
  log: Log
}

async function freeze(tx: Tx, freezing: Freezing, expects: readonly Expected[]): Promise<void> {
  const { allocation: { ceremony }, of: { season, phase: id, run } } = freezing
  const { timeline, phase } = await phaseOf(tx, season, id, 'round')
  if (!isDecidedHere(phase.method)) throw problem('round-conflict', `Rounds by ${phase.method} are not decided here`)
  if (run > 1) throw problem('round-conflict', `${id} has had no run before`)
  const retryAfterMs = Math.ceil(phase.opensAt - (await databaseNow(tx)))
  if (retryAfterMs > 0) throw problem('not-yet', `${id} is at ${new Date(phase.opensAt).toISOString()}`, { retryAfterMs })
  await refuseUnready(tx, season, timeline, phase, expects)
  const closed = new Set([...expects.map((expected) => expected.phase), ...(await closedPhases(tx, season))])
  const { units, dissolved } = formUnits(await candidatesOf(tx, season, timeline, phase, closed))
  const offered = await schoolsIn(tx, season, timeline, phase.seats)
  const seats = await reserveFreeSeats(tx, season, id, offered.map((school) => school.id))
  const districts = new Map(offered.map((school) => [school.id, school.district]))
  const groups = phase.method === 'residual' ? [wholeGroup(units, districts)] : groupsOf(units, districts)
  const rounds = groups.map((group) =>
    roundFileOf(phase, group.units, { id: `${season}/${id}/${group.id}`, seats: new Map(group.schools.map((school) => [school, seats.get(school)!])) }))
  await insertFrozen(tx, season, id, { units, dissolved, listHash: listHash(units) })
  const at = instantAfter(undefined, await ceremony.now(tx))
  await store(tx, freezing, freezeDraw({ at, draw: `${season}/${id}`, run, rule: ruleOf(timeline, phase, ceremony.isRehearsal), rounds }))
}

/**
 * The same lists with a hash of their own: with the same plans where too few witnesses of the run before have revealed,
 * with the seats of now where it is void.
 */
async function freezeAgain(tx: Tx, freezing: Freezing, { run: before, state }: RoundRow): Promise<void> {
  const { allocation: { ceremony }, of } = freezing
  const { season, phase, run } = of
  const kept = await transcriptOf(tx, { ...of, run: before })
  const isVoid = state === 'void'
  if (run !== before + 1 || !kept || !(isVoid || standingOf(kept).again)) throw problem('round-conflict', `Run ${before} of ${phase} has not failed and is not void`)
  const { freeze: { draw }, rule } = kept
  const last = kept[standingOf(kept).step]!
  const at = instantAfter(last.at, await ceremony.now(tx))
  const listed = kept.groups.map(({ round }) => round)
  await beginAgain(tx, season, phase, run)
  await store(tx, freezing, freezeDraw({ at, draw, run, rule, previous: last.hash, rounds: isVoid ? await withSeatsOfNow(tx, of, listed) : listed }))
}

/** What the run before had is still reserved; what is free now comes to it. */
async function withSeatsOfNow(tx: Tx, { season, phase }: OfRun, rounds: readonly DrawRound[]): Promise<DrawRound[]> {
  const schools = rounds.flatMap((round) => round.schools.map(({ id }) => id))
  await reserveFreeSeats(tx, season, phase, schools)
  const seats = await lockReservedSeats(tx, season, phase, schools)
  return rounds.map((round) => ({ ...round, schools: round.schools.map((school) => ({ ...school, plan: seats.get(school.id)!.length })) }))
}

async function store(tx: Tx, { allocation: { ceremony }, of, askedBy, log }: Freezing, frozen: DrawTranscript): Promise<void> {
  refuseUndrawable(ceremony, of, frozen, log)
  await insertStep(tx, of, 'freeze', frozen, askedBy)
  const { units, children, listHash: hash } = (await roundOf(tx, of.season, of.phase))!
  await enqueue(tx, 'allocation', [stepEvent('round-frozen', of, frozen.freeze, await databaseNow(tx), { units, children, listHash: hash, freeze: frozen.freeze })])
}

/**
 * Nothing is stored of a list that could not be drawn once its randomness is there: somebody must look at it.
 * @throws Problem `round-conflict`
 */
function refuseUndrawable(ceremony: Ceremony, { season, phase, run }: OfRun, frozen: DrawTranscript, log: Log): void {
  const faults = frozenFaults(frozen)
  if (faults.length === 0) return
  const told = faults.slice(0, TOLD)
  ceremony.onUndrawable()
  log.fatal({ season, phase, run, faults: told }, 'a list cannot be drawn')
  throw problem('round-conflict', `The list of ${phase} cannot be drawn: it has ${faults.length} faults, such as ${told[0]!.at}: ${told[0]!.message}`, { faults: told })
}

async function candidatesOf(tx: Tx, season: SeasonId, timeline: Timeline, round: TimelinePhaseOf<'round'>, closed: ReadonlySet<PhaseId>): Promise<Candidate[]> {
  const map = await roundMap(tx, season, timeline, round)
  const candidates: Candidate[] = []
  for await (const [child, facts] of candidateFacts(tx, season, oneOfOutcomes(timeline, round))) {
    const candidate = candidateOf(timeline, round, child, facts, closed, map)
    if (candidate) candidates.push(candidate)
  }
  return candidates
}
