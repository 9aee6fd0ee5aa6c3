import { asMs, sqlInstant } from '../../../platform/postgres/index.js'
import type { ChildId, PhaseId, SchoolId, SeasonId } from '../../../contracts/ids.js'
import type { Tx } from './database.js'

/** A child that came to a school. */
export interface CheckInRow {
  school: SchoolId
  basis: PhaseId
  /** Epoch ms. */
  receivedAt: number
}

export async function checkInOf(tx: Tx, season: SeasonId, phase: PhaseId, child: ChildId): Promise<CheckInRow | undefined> {
  const [row] = await tx.$queryRawUnsafe<CheckInRow[]>(
    `SELECT school, basis, ${asMs('received_at')} AS "receivedAt" FROM check_in WHERE season = $1 AND phase = $2 AND child = $3`,
    season,
    phase,
    child,
  )
  return row
}

export async function insertCheckIn(tx: Tx, season: SeasonId, phase: PhaseId, child: ChildId, row: CheckInRow): Promise<void> {
  await tx.checkIn.create({ data: { season, phase, child, school: row.school, basis: row.basis, receivedAt: sqlInstant(row.receivedAt) } })
}

/** When a child's guardian confirmed, epoch ms. */
export async function confirmationOf(tx: Tx, season: SeasonId, phase: PhaseId, child: ChildId): Promise<number | undefined> {
  const row = await tx.confirmation.findUnique({ where: { season_phase_child: { season, phase, child } } })
  return row?.receivedAt.getTime()
}

export async function insertConfirmation(tx: Tx, season: SeasonId, phase: PhaseId, child: ChildId, receivedAt: number): Promise<void> {
  await tx.confirmation.create({ data: { season, phase, child, receivedAt: sqlInstant(receivedAt) } })
}

/** The school a desk gave a child in an arrangement phase, and in which way if it named one. */
export async function arrangementOf(tx: Tx, season: SeasonId, phase: PhaseId, child: ChildId): Promise<{ school: SchoolId; way?: string } | undefined> {
  const row = await tx.arrangement.findUnique({ where: { season_phase_child: { season, phase, child } } })
  return row ? { school: row.school, ...(row.way === null ? {} : { way: row.way }) } : undefined
}

export async function insertArrangement(
  tx: Tx,
  { way = null, ...row }: { season: SeasonId; phase: PhaseId; child: ChildId; school: SchoolId; way?: string | null | undefined; officer: string; reason: string },
): Promise<void> {
  await tx.arrangement.create({ data: { ...row, way } })
}
