import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import type { ChildId, SeasonId } from '../../../contracts/ids.js'
import { foldKnowledge } from '../../../policies/knowledge.js'
import { effectOf } from '../../../policies/timeline.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { lockOpenWindow } from '../../../platform/windows/index.js'
import { refuseChild } from '../domain/choosing.js'
import type { Tx } from '../store/database.js'
import { lockPlaces, statePlaces } from '../store/places.js'
import { releaseSeats, seatsOfChild, takeSeat } from '../store/seats.js'
import { confirmationOf, insertConfirmation } from '../store/visits.js'
import { aboutChild, factsOfKnown, iso, phaseOf, type Allocation } from './allocation.js'
import { heldSeat, refuseSecondSeat } from './check-in.js'

/** A guardian wants the seat; where the policy says so that takes it up. */
export const confirm = ({ database }: Allocation): Mounted =>
  implement(allocationEndpoints.confirm, {
    about: aboutChild(database),
    handle: ({ params: { season, phase, child }, receivedAt, signal, remainingMs }) =>
      inTransaction(database, async (tx) => {
        const at = await record(tx, season, phase, child, receivedAt)
        return { child, phase, receivedAt: iso(at) }
      }, { signal, timeoutMs: remainingMs() }),
  })

async function record(tx: Tx, season: SeasonId, phaseId: string, child: ChildId, receivedAt: number): Promise<number> {
  const { timeline, phase } = await phaseOf(tx, season, phaseId, 'confirmation')
  await lockOpenWindow(tx, season, phaseId, receivedAt)
  await lockPlaces(tx, season, [child])
  const before = await confirmationOf(tx, season, phaseId, child)
  if (before !== undefined) return before
  const refused = refuseChild(timeline, phaseId, foldKnowledge(timeline, await factsOfKnown(tx, season, child)))
  const seat = phase.of.length > 0 ? heldSeat(await seatsOfChild(tx, season, child), phase.of) : undefined
  if (refused) throw refused
  await releaseSeats(tx, season, [child], effectOf(phase, 'confirmed').releases ?? [])
  if (seat && phase.takesUp) {
    await refuseSecondSeat(tx, season, child)
    await takeSeat(tx, season, child, seat.basis)
  }
  await insertConfirmation(tx, season, phaseId, child, receivedAt)
  await statePlaces(tx, season, [{ child, outcomes: { [phaseId]: 'confirmed' } }], 'confirmed', receivedAt)
  return receivedAt
}
