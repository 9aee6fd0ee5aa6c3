import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import type { PhaseId, SeasonId } from '../../../contracts/ids.js'
import { publishAtOf } from '../../../policies/timeline.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { enqueue } from '../../../platform/outbox/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { closeWindow } from '../../../platform/windows/index.js'
import { publish as publishDraw } from '../domain/draw/ceremony.js'
import { instantAfter } from '../domain/draw/instants.js'
import { standingOf } from '../domain/draw/standing.js'
import { stepEvent } from '../events/rounds.js'
import { allowStatements, databaseNow, type Tx } from '../store/database.js'
import { lockPlaces, statePlaces } from '../store/places.js'
import { markPublished, nextResults, reveal, unpublished } from '../store/publications.js'
import { roundOf } from '../store/rounds.js'
import { insertStep, stepsOf, type OfRun } from '../store/steps.js'
import { phaseOf, type Allocation } from './allocation.js'
import { refuseOther } from './ceremony.js'

/** Publishes the next results of a decided round, and the round itself once none is left. */
export const publishRound = (allocation: Allocation): Mounted =>
  implement(allocationEndpoints.publishRound, {
    timeoutMs: allocation.bulkTimeoutMs,
    handle: ({ params: { season, phase }, body: { run, limit }, caller, signal, remainingMs }) =>
      inTransaction(allocation.database, async (tx) => {
        await allowStatements(tx, remainingMs())
        return publish(tx, allocation, { season, phase, run, limit, askedBy: caller.subject })
      }, { signal, timeoutMs: remainingMs() }),
  })

interface Batch {
  season: SeasonId
  phase: PhaseId
  run: number
  limit: number
  askedBy: string
}

async function publish(tx: Tx, allocation: Allocation, { season, phase: phaseId, run, limit, askedBy }: Batch): Promise<{ published: number; left: number }> {
  const { phase } = await phaseOf(tx, season, phaseId, 'round')
  const round = refuseOther({ phase: phaseId, run }, await roundOf(tx, season, phaseId, 'FOR UPDATE'))
  if (round.state === 'frozen') throw problem('round-conflict', `${phaseId} is not decided yet`)
  if (round.state === 'published') return { published: 0, left: 0 }
  const now = await databaseNow(tx)
  refuseEarly(phaseId, publishAtOf(phase), now)
  const results = await nextResults(tx, season, phaseId, limit)
  const children = results.map(({ child }) => child)
  await lockPlaces(tx, season, children)
  await reveal(tx, season, phaseId, children)
  await statePlaces(tx, season, results.map(({ child, outcome }) => ({ child, outcomes: { [phaseId]: outcome } })), 'place-decided', now)
  const left = await unpublished(tx, season, phaseId)
  const of = { season, phase: phaseId, run, supplement: round.supplement }
  if (left === 0) await (phase.method === 'residual' ? finishProposed(tx, of) : finish(tx, allocation, of, askedBy))
  return { published: results.length, left }
}

function refuseEarly(phase: PhaseId, publishAt: number, now: number): void {
  const retryAfterMs = Math.ceil(publishAt - now)
  if (retryAfterMs <= 0) return
  const opensAt = new Date(publishAt).toISOString()
  throw problem('embargoed', `The results of ${phase} are public from ${opensAt}`, { retryAfterMs, particulars: { opensAt } })
}

/**
 * The round has ended for all its children, so its window is closed too; not while a group is held back, whose children
 * wait. The database refuses a second publication.
 */
async function finish(tx: Tx, { ceremony }: Allocation, of: OfRun, askedBy: string): Promise<void> {
  const { phase } = of
  const { draw } = (await stepsOf(tx, of))!
  const published = publishDraw(draw, { at: instantAfter(draw.check!.at, await ceremony.now(tx)) })
  if (!(await insertStep(tx, of, 'publish', published, askedBy))) throw new Error(`${phase} has been published before`)
  await conclude(tx, of, published.publish!, standingOf(published).held.length === 0)
}

/** What nobody refused is approved now. The ceremony of a residual round ends with its reveal. */
async function finishProposed(tx: Tx, of: OfRun): Promise<void> {
  const { draw: { reveal } } = (await stepsOf(tx, of))!
  await conclude(tx, of, reveal!, true)
}

async function conclude(tx: Tx, of: OfRun, step: { hash: string }, isWhole: boolean): Promise<void> {
  const { season, phase } = of
  await markPublished(tx, season, phase)
  if (isWhole) await closeWindow(tx, season, phase, { drainMs: 0 })
  const { publishedAt, admitted, notAdmitted, listHash } = (await roundOf(tx, season, phase))!
  await enqueue(tx, 'allocation', [stepEvent('round-published', of, step, publishedAt!, { admitted, notAdmitted, listHash })])
}
