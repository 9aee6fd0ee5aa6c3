import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import type { PhaseId, SeasonId } from '../../../contracts/ids.js'
import { publishAtOf } from '../../../policies/timeline.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { enqueue } from '../../../platform/outbox/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { closeWindow } from '../../../platform/windows/index.js'
import { roundEvent } from '../events/rounds.js'
import { allowStatements, databaseNow, type Tx } from '../store/database.js'
import { lockPlaces, statePlaces } from '../store/places.js'
import { markPublished, nextResults, reveal, unpublished } from '../store/publications.js'
import { roundOf } from '../store/rounds.js'
import { phaseOf, type Allocation } from './allocation.js'

/** Publishes the next results of a decided round, and the round itself once none is left. */
export const publishRound = ({ database, bulkTimeoutMs }: Allocation): Mounted =>
  implement(allocationEndpoints.publishRound, {
    timeoutMs: bulkTimeoutMs,
    handle: ({ params: { season, phase }, body: { limit }, signal, remainingMs }) =>
      inTransaction(database, async (tx) => {
        await allowStatements(tx, remainingMs())
        return publish(tx, season, phase, limit)
      }, { signal, timeoutMs: remainingMs() }),
  })

async function publish(tx: Tx, season: SeasonId, phaseId: PhaseId, limit: number): Promise<{ published: number; left: number }> {
  const { phase } = await phaseOf(tx, season, phaseId, 'round')
  const round = await roundOf(tx, season, phaseId, 'FOR UPDATE')
  if (!round || round.state === 'frozen') throw problem('round-conflict', `${phaseId} is not decided yet`)
  if (round.state === 'published') return { published: 0, left: 0 }
  const now = await databaseNow(tx)
  refuseEarly(phaseId, publishAtOf(phase), now)
  const results = await nextResults(tx, season, phaseId, limit)
  const children = results.map(({ child }) => child)
  await lockPlaces(tx, season, children)
  await reveal(tx, season, phaseId, children)
  await statePlaces(tx, season, results.map(({ child, outcome }) => ({ child, outcomes: { [phaseId]: outcome } })), 'place-decided', now)
  const left = await unpublished(tx, season, phaseId)
  if (left === 0) await finish(tx, season, phaseId)
  return { published: results.length, left }
}

function refuseEarly(phase: PhaseId, publishAt: number, now: number): void {
  const retryAfterMs = Math.ceil(publishAt - now)
  if (retryAfterMs <= 0) return
  const opensAt = new Date(publishAt).toISOString()
  throw problem('embargoed', `The results of ${phase} are public from ${opensAt}`, { retryAfterMs, particulars: { opensAt } })
}

/** The round has ended for all its children, so its window is closed too. */
async function finish(tx: Tx, season: SeasonId, phase: PhaseId): Promise<void> {
  await markPublished(tx, season, phase)
  await closeWindow(tx, season, phase, { drainMs: 0 })
  const { publishedAt, admitted, notAdmitted, listHash, seed, run, inputDigest } = (await roundOf(tx, season, phase))!
  await enqueue(tx, 'allocation', [roundEvent('round-published', season, phase, publishedAt!, { admitted, notAdmitted, listHash, seed, run, inputDigest })])
}
