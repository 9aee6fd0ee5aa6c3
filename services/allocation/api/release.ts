import type { ChildFact } from '../../../contracts/facts.js'
import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import type { ChildId, SeasonId } from '../../../contracts/ids.js'
import { factOf } from '../../../platform/facts/index.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { answerOnce } from '../../../platform/idempotency.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { readSeason } from '../../../platform/windows/index.js'
import type { Tx } from '../store/database.js'
import { lockPlaces, statePlaces } from '../store/places.js'
import { releaseSeats } from '../store/seats.js'
import type { Allocation } from './allocation.js'

/** Gives back every seat of a child that left. Its workflow knows the child, so a lagging copy refuses nothing. */
export const release = ({ database }: Allocation): Mounted =>
  implement(allocationEndpoints.release, {
    handle: ({ params: { season, child }, idempotencyKey, receivedAt, signal, remainingMs }) =>
      inTransaction(database, async (tx) => {
        const make = () => giveBack(tx, season, child, receivedAt)
        return { fact: await (idempotencyKey === undefined ? make() : answerOnce(tx, idempotencyKey, make)) }
      }, { signal, timeoutMs: remainingMs() }),
  })

async function giveBack(tx: Tx, season: SeasonId, child: ChildId, at: number): Promise<ChildFact> {
  await readSeason(tx, season)
  await lockPlaces(tx, season, [child])
  const released = await releaseSeats(tx, season, [child], 'all')
  const standing = await factOf(tx, season, child, 'place', 'place')
  if (released.length === 0 && standing) return standing
  const [fact] = await statePlaces(tx, season, [{ child }], 'place-released', at)
  return fact!
}
