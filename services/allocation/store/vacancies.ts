import type { PhaseId, SchoolId, SeasonId } from '../../../contracts/ids.js'
import type { Tx } from './database.js'

/**
 * Marks a publication phase as published.
 * @returns false if it was before
 */
export async function markPublication(tx: Tx, season: SeasonId, phase: PhaseId): Promise<boolean> {
  const inserted = await tx.$executeRawUnsafe('INSERT INTO publication (season, phase) VALUES ($1, $2) ON CONFLICT DO NOTHING', season, phase)
  return inserted === 1
}

export async function insertVacancies(tx: Tx, season: SeasonId, phase: PhaseId, rows: readonly { school: SchoolId; free: number }[]): Promise<void> {
  await tx.$executeRawUnsafe(
    'INSERT INTO vacancy (season, phase, school, free) SELECT $1, $2, * FROM unnest($3::text[], $4::int[])',
    season,
    phase,
    rows.map(({ school }) => school),
    rows.map(({ free }) => String(free)),
  )
}

/** What a publication phase told. */
export const vacanciesOf = (tx: Tx, season: SeasonId, phase: PhaseId): PromiseLike<{ school: SchoolId; free: number }[]> =>
  tx.$queryRawUnsafe<{ school: SchoolId; free: number }[]>(
    'SELECT school, free FROM vacancy WHERE season = $1 AND phase = $2 ORDER BY school COLLATE "C"',
    season,
    phase,
  )

/** What was last published as free, by school. */
export async function publishedVacancies(tx: Tx, season: SeasonId): Promise<Map<SchoolId, number>> {
  const rows = await tx.$queryRawUnsafe<{ school: SchoolId; free: number }[]>(
    `SELECT DISTINCT ON (school) school, free FROM vacancy JOIN publication USING (season, phase)
     WHERE season = $1 ORDER BY school, published_at DESC`,
    season,
  )
  return new Map(rows.map((row) => [row.school, row.free]))
}
