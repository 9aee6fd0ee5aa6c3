import type { Database, Tx } from './database.js'

/** Keeps the name of an offered school. */
export async function storeSchoolName(tx: Tx, season: string, { id, name }: { id: string; name: string }): Promise<void> {
  await tx.school.upsert({ where: { season_id: { season, id } }, create: { season, id, name }, update: { name } })
}

/** The name of a school, as far as word of it has come here. */
export async function schoolName(database: Database, season: string, id: string): Promise<string | undefined> {
  return (await database.school.findUnique({ where: { season_id: { season, id } } }))?.name
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
  const rows = await database.deadline.findMany({ where: { season } })
  return new Map(rows.map(({ phase, closesAt }) => [phase, closesAt.getTime()]))
}
