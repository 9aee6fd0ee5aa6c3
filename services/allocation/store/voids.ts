import { asMs } from '../../../platform/postgres/index.js'
import type { ChildId, PhaseId, SeasonId } from '../../../contracts/ids.js'
import type { Tx } from './database.js'
import type { OfRun } from './steps.js'

/** A run that is void, and who said so. */
export interface Void {
  run: number
  officers: string[]
  reason: string
  /** ms */
  voidedAt: number
}

/** The runs of a round that are void, in their order. */
export const voidsOf = (tx: Tx, season: SeasonId, phase: PhaseId): PromiseLike<Void[]> =>
  tx.$queryRawUnsafe<Void[]>(
    `SELECT run, officers, reason, ${asMs('voided_at')} AS "voidedAt" FROM round_void WHERE season = $1 AND phase = $2 ORDER BY run`,
    season,
    phase,
  )

/** Keeps that a run is void. The database refuses to change or delete it, and every further step of the run. */
export async function insertVoid(tx: Tx, { season, phase, run }: OfRun, { officers, reason }: Pick<Void, 'officers' | 'reason'>): Promise<void> {
  await tx.$executeRawUnsafe(
    'INSERT INTO round_void (season, phase, run, officers, reason) VALUES ($1, $2, $3::int, $4::text[], $5)',
    season,
    phase,
    run,
    officers,
    reason,
  )
  await tx.$executeRawUnsafe(`UPDATE round SET state = 'void', admitted = NULL, not_admitted = NULL, decided_at = NULL WHERE season = $1 AND phase = $2`, season, phase)
}

/**
 * Drops the results of a round, none of which is public. What they were stands in the steps of their run.
 * @returns the children who had one
 */
export async function dropResults(tx: Tx, season: SeasonId, phase: PhaseId): Promise<ChildId[]> {
  await tx.$executeRawUnsafe('DELETE FROM round_given WHERE season = $1 AND phase = $2', season, phase)
  const rows = await tx.$queryRawUnsafe<{ child: ChildId }[]>('DELETE FROM round_result WHERE season = $1 AND phase = $2 RETURNING child', season, phase)
  return rows.map(({ child }) => child)
}
