import type { DrawSteps } from '../../../contracts/draw.js'
import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { enqueue } from '../../../platform/outbox/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { standingOf } from '../domain/draw/standing.js'
import { stepEvent } from '../events/rounds.js'
import { allowStatements, databaseNow, type Tx } from '../store/database.js'
import { takeBack } from '../store/decisions.js'
import { lockPlaces } from '../store/places.js'
import { anyPublished } from '../store/publications.js'
import { frozenSince, roundOf, type RoundRow } from '../store/rounds.js'
import { stepsOf, type OfRun } from '../store/steps.js'
import { dropResults, insertVoid, type Void } from '../store/voids.js'
import { phaseOf, type Allocation } from './allocation.js'
import { refuseOther } from './ceremony.js'
import { roundView } from './round-view.js'

/**
 * Declares the run of a round void before anything of it is public: what it gave is taken back, and plans may change
 * until the next run is frozen. What the run was stays as it is.
 */
export const voidRound = ({ database, bulkTimeoutMs }: Allocation): Mounted =>
  implement(allocationEndpoints.voidRound, {
    timeoutMs: bulkTimeoutMs,
    handle: ({ params: { season, phase }, body: { run, ...why }, signal, remainingMs }) =>
      inTransaction(database, async (tx) => {
        await allowStatements(tx, remainingMs())
        await phaseOf(tx, season, phase, 'round')
        const of = { season, phase, run, supplement: 0 }
        const round = await roundOf(tx, season, phase, 'FOR UPDATE')
        const kept = await stepsOf(tx, of)
        if (round?.run !== run || round.state !== 'void') await declareVoid(tx, of, refuseOther(of, round), kept!.draw, why)
        return roundView(season, phase, await roundOf(tx, season, phase), standingOf(kept!.draw))
      }, { signal, timeoutMs: remainingMs() }),
  })

/** The seats stay reserved for the round, so that its next run has no fewer. */
async function declareVoid(tx: Tx, of: OfRun, round: RoundRow, draw: DrawSteps, why: Pick<Void, 'officers' | 'reason'>): Promise<void> {
  const { season, phase } = of
  await refuseLate(tx, of, round, draw)
  const children = await dropResults(tx, season, phase)
  await lockPlaces(tx, season, children)
  await takeBack(tx, season, phase, children, phase)
  await insertVoid(tx, of, why)
  await enqueue(tx, 'allocation', [stepEvent('round-voided', of, standingOf(draw), await databaseNow(tx), { reason: why.reason })])
}

/** @throws Problem `round-conflict` */
async function refuseLate(tx: Tx, { season, phase }: OfRun, { state }: RoundRow, { publish }: DrawSteps): Promise<void> {
  if (state === 'published' || publish || (await anyPublished(tx, season, phase))) throw problem('round-conflict', `Results of ${phase} are public: they stand`)
  const later = await frozenSince(tx, season, phase)
  if (later !== undefined) throw problem('round-conflict', `${later} has been frozen since, and counts on what ${phase} left`)
}
