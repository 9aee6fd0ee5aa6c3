import { isUniqueViolation } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import type { SeatedWay } from '../../../contracts/facts.js'
import type { ChildId, PhaseId, SchoolId, SeasonId } from '../../../contracts/ids.js'
import type { Tx } from './database.js'

/** Basis of a seat that a desk gave. */
export const ARRANGEMENT = 'arrangement'

const FREED = `child = NULL, basis = NULL, taken = false, visible = false, leaves_with = NULL, way = NULL`

/** Which seats of a child: all of them, those it has not taken, or those on these bases, taken or not or only held. */
export type Which = 'all' | 'held' | readonly PhaseId[] | { held: readonly PhaseId[] }

/**
 * Gives seats of children back. The caller holds the locks of their places.
 * @returns the children who had such a seat
 */
export async function releaseSeats(tx: Tx, season: SeasonId, children: readonly ChildId[], which: Which): Promise<ChildId[]> {
  const bases = typeof which === 'string' ? [] : 'held' in which ? which.held : which
  const heldOnly = which === 'held' || (typeof which === 'object' && 'held' in which)
  const rows = await tx.$queryRawUnsafe<{ child: ChildId }[]>(
    `WITH found AS (
       SELECT season, school, ordinal, child FROM seat
       WHERE season = $1 AND child = ANY ($2::text[]) AND ($3::boolean OR basis = ANY ($4::text[])) AND NOT (taken AND $5::boolean))
     UPDATE seat SET ${FREED} FROM found
     WHERE seat.season = found.season AND seat.school = found.school AND seat.ordinal = found.ordinal
     RETURNING found.child`,
    season,
    children,
    typeof which === 'string',
    bases,
    heldOnly,
  )
  return [...new Set(rows.map((row) => row.child))]
}

/** A seat of a child, as the database has it. */
export interface SeatRow {
  school: SchoolId
  basis: PhaseId
  taken: boolean
  visible: boolean
}

/** All seats of a child. */
export function seatsOfChild(tx: Tx, season: SeasonId, child: ChildId): PromiseLike<SeatRow[]> {
  return tx.$queryRawUnsafe<SeatRow[]>(
    'SELECT school, basis, taken, visible FROM seat WHERE season = $1 AND child = $2 ORDER BY basis COLLATE "C"',
    season,
    child,
  )
}

/**
 * Turns a child's held, published seat into a taken one.
 * @throws Problem `already-seated` if the database knows of another it has taken; the transaction is then lost
 */
export async function takeSeat(tx: Tx, season: SeasonId, child: ChildId, basis: PhaseId): Promise<void> {
  const changed = await refusingSecond(() =>
    tx.$executeRawUnsafe(
      `UPDATE seat SET taken = true, leaves_with = NULL
       WHERE season = $1 AND child = $2 AND basis = $3 AND visible AND NOT taken`,
      season,
      child,
      basis,
    ),
  )
  if (changed !== 1) throw new Error(`${child} holds no seat of ${basis} to take`)
}

/**
 * Takes a free seat of a school for a child, in the order of the plan and in the way a desk decided on, if any, and none
 * that a frozen round counts on. Rows that another transaction is about to
 * take are passed over; only if no other is left it is waited for them.
 * @returns false if the school is full
 * @throws Problem `already-seated`
 */
export async function takeFreeSeat(
  tx: Tx,
  { season, school, child, way }: { season: SeasonId; school: SchoolId; child: ChildId; way?: SeatedWay | undefined },
): Promise<boolean> {
  for (const lock of ['FOR UPDATE SKIP LOCKED', 'FOR UPDATE']) {
    const changed = await refusingSecond(() =>
      tx.$executeRawUnsafe(
        `WITH free AS (SELECT ordinal FROM seat WHERE season = $1 AND school = $2 AND child IS NULL AND reserved_for IS NULL ORDER BY ordinal LIMIT 1 ${lock})
         UPDATE seat SET child = $3, basis = $4, way = $5, taken = true, visible = true FROM free
         WHERE season = $1 AND school = $2 AND seat.ordinal = free.ordinal`,
        season,
        school,
        child,
        ARRANGEMENT,
        way ?? null,
      ),
    )
    if (changed === 1) return true
  }
  return false
}

async function refusingSecond(run: () => PromiseLike<number>): Promise<number> {
  try {
    return await run()
  } catch (error) {
    if (isUniqueViolation(error)) throw problem('already-seated', 'The child has taken a seat')
    throw error
  }
}

/** Children with a held, published seat on one of these bases, under no lock. */
export async function holdersOf(tx: Tx, season: SeasonId, bases: readonly PhaseId[]): Promise<ChildId[]> {
  const rows = await tx.$queryRawUnsafe<{ child: ChildId }[]>(
    `SELECT DISTINCT child COLLATE "C" AS child FROM seat
     WHERE season = $1 AND basis = ANY ($2::text[]) AND visible AND NOT taken ORDER BY 1`,
    season,
    bases,
  )
  return rows.map((row) => row.child)
}
