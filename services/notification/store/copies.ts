import { asMs } from '../../../platform/postgres/index.js'
import type { Database, Tx } from './database.js'

/** Keeps the name of an offered school. */
export async function storeSchoolName(tx: Tx, season: string, { id, name }: { id: string; name: string }): Promise<void> {
  await tx.school.upsert({ where: { season_id: { season, id } }, create: { season, id, name }, update: { name } })
}

/** Names of schools by id, as far as word of them has come here. */
export async function schoolNames(database: Database, season: string, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await database.$queryRawUnsafe<{ id: string; name: string }[]>('SELECT id, name FROM school WHERE season = $1 AND id = ANY ($2::text[])', season, ids)
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** Keeps a deadline that was extended; an earlier one never replaces a later one. */
export async function storeDeadline(tx: Tx, season: string, phase: string, closesAt: string): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO deadline (season, phase, closes_at) VALUES ($1, $2, $3::timestamptz)
     ON CONFLICT (season, phase) DO UPDATE SET closes_at = greatest(deadline.closes_at, excluded.closes_at)`,
    season,
    phase,
    closesAt,
  )
}

/** Extended deadlines of a season by phase, epoch ms. */
export async function deadlinesOf(database: Database, season: string): Promise<Map<string, number>> {
  const rows = await database.$queryRawUnsafe<{ phase: string; at: number }[]>(`SELECT phase, ${asMs('closes_at')} AS at FROM deadline WHERE season = $1`, season)
  return new Map(rows.map(({ phase, at }) => [phase, at]))
}
