import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import type { ChildId, SchoolId, SeasonId } from '../../../contracts/ids.js'
import { foldKnowledge } from '../../../policies/knowledge.js'
import { effectOf } from '../../../policies/timeline.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { lockOpenWindow } from '../../../platform/windows/index.js'
import { refuseChild } from '../domain/choosing.js'
import type { Tx } from '../store/database.js'
import { lockPlaces, statePlaces } from '../store/places.js'
import { releaseSeats, seatsOfChild, takeSeat, type SeatRow } from '../store/seats.js'
import { checkInOf, insertCheckIn, type CheckInRow } from '../store/visits.js'
import { factsOfKnown, iso, phaseOf, type Allocation } from './allocation.js'

interface Visit {
  season: SeasonId
  child: ChildId
  school: SchoolId
  receivedAt: number
}

/** A child came to the school: it takes the seat it holds there. */
export const checkIn = ({ database }: Allocation): Mounted =>
  implement(allocationEndpoints.checkIn, {
    about: async ({ body }) => ({ schools: [body.school] }),
    handle: ({ params: { season, phase, child }, body: { school }, receivedAt, signal, remainingMs }) =>
      inTransaction(database, async (tx) => {
        const row = await record(tx, phase, { season, child, school, receivedAt })
        return { child, phase, school: row.school, basis: row.basis, receivedAt: iso(row.receivedAt) }
      }, { signal, timeoutMs: remainingMs() }),
  })

async function record(tx: Tx, phaseId: string, { season, child, school, receivedAt }: Visit): Promise<CheckInRow> {
  const { timeline, phase } = await phaseOf(tx, season, phaseId, 'check-in')
  await lockOpenWindow(tx, season, phaseId, receivedAt)
  await lockPlaces(tx, season, [child])
  const before = await checkInOf(tx, season, phaseId, child)
  if (before?.school === school) return before
  const refused = refuseChild(timeline, phaseId, foldKnowledge(timeline, await factsOfKnown(tx, season, child)))
  const seat = heldSeat(await seatsOfChild(tx, season, child), phase.of, school)
  if (refused) throw refused
  await releaseSeats(tx, season, [child], effectOf(phase, 'present').releases ?? [])
  await refuseSecondSeat(tx, season, child)
  await takeSeat(tx, season, child, seat.basis)
  const row = { school, basis: seat.basis, receivedAt }
  await insertCheckIn(tx, season, phaseId, child, row)
  await statePlaces(tx, season, [{ child, outcomes: { [phaseId]: 'present' } }], 'checked-in', receivedAt)
  return row
}

/**
 * The seat a child holds on one of these bases, at this school if one is named.
 * @throws Problem `no-seat-held`, or `already-seated` if it has taken one instead
 */
export function heldSeat(seats: readonly SeatRow[], bases: readonly string[], school?: SchoolId): SeatRow {
  const held = seats.find((seat) => seat.visible && !seat.taken && bases.includes(seat.basis) && (school === undefined || seat.school === school))
  if (held) return held
  const taken = seats.find((seat) => seat.taken)
  if (taken) throw problem('already-seated', `The child has taken a seat at ${taken.school}`)
  throw problem('no-seat-held', `The child holds no seat from ${bases.join(' or ')}${school === undefined ? '' : ` at ${school}`}`)
}

/** @throws Problem `already-seated` if the child still has a taken seat after what the policy releases */
export async function refuseSecondSeat(tx: Tx, season: SeasonId, child: ChildId): Promise<void> {
  const taken = (await seatsOfChild(tx, season, child)).find((seat) => seat.taken)
  if (taken) throw problem('already-seated', `The child has taken a seat at ${taken.school}`)
}
