import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import type { PhaseId, SeasonId } from '../../../contracts/ids.js'
import type { Timeline, TimelinePhaseOf } from '../../../policies/timeline.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { enqueue } from '../../../platform/outbox/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { listHash } from '../domain/rounds/list.js'
import { candidateOf, oneOfOutcomes } from '../domain/rounds/candidates.js'
import { isDecidedHere } from '../domain/rounds/order.js'
import { formUnits, type Candidate } from '../domain/rounds/units.js'
import { candidateFacts } from '../store/candidates.js'
import { lockCatalogue } from '../store/catalogue.js'
import { allowStatements, databaseNow, readOneInstant, type Tx } from '../store/database.js'
import { insertFrozen, roundOf, type RoundRow } from '../store/rounds.js'
import { refuseUnready, type Expected } from '../store/readiness.js'
import { closedPhases } from '../store/windows.js'
import { phaseOf, type Allocation } from './allocation.js'
import { roundEvent } from '../events/rounds.js'
import { roundMap } from './round-map.js'
import { roundView } from './round-view.js'

/** Fixes who takes part in a round, and commits the hash of that list before any seed exists. */
export const freezeRound = ({ database, bulkTimeoutMs }: Allocation): Mounted =>
  implement(allocationEndpoints.freezeRound, {
    timeoutMs: bulkTimeoutMs,
    handle: ({ params: { season, phase }, body: { expects }, signal, remainingMs }) =>
      inTransaction(database, async (tx) => {
        await readOneInstant(tx)
        await lockCatalogue(tx, 'SHARE')
        await allowStatements(tx, remainingMs())
        return roundView(season, phase, (await roundOf(tx, season, phase)) ?? (await freeze(tx, season, phase, expects)))
      }, { signal, timeoutMs: remainingMs() }),
  })

async function freeze(tx: Tx, season: SeasonId, phaseId: PhaseId, expects: readonly Expected[]): Promise<RoundRow> {
  const { timeline, phase } = await phaseOf(tx, season, phaseId, 'round')
  if (!isDecidedHere(phase.method)) throw problem('round-conflict', `Rounds by ${phase.method} are not decided here`)
  const retryAfterMs = Math.ceil(phase.opensAt - (await databaseNow(tx)))
  if (retryAfterMs > 0) throw problem('not-yet', `${phaseId} is at ${new Date(phase.opensAt).toISOString()}`, { retryAfterMs })
  await refuseUnready(tx, season, timeline, phase, expects)
  const closed = new Set([...expects.map((expected) => expected.phase), ...(await closedPhases(tx, season))])
  const { units, dissolved } = formUnits(await candidatesOf(tx, season, timeline, phase, closed))
  await insertFrozen(tx, season, phaseId, { units, dissolved, listHash: listHash(units) })
  const row = (await roundOf(tx, season, phaseId))!
  const { children } = row
  await enqueue(tx, 'allocation', [
    roundEvent('round-frozen', season, phaseId, row.frozenAt, { units: row.units, children, listHash: row.listHash }),
  ])
  return row
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
