import type { z } from 'zod'
import type { streamed } from '../../../contracts/http/console-views.js'
import type { Sql } from '../../../platform/postgres/index.js'

export type Change = Exclude<z.output<typeof streamed>, { kind: 'figures' }>

export interface ChangeRow {
  position: number
  body: Change
}

/**
 * Tells the screens of a change, once for each key. Positions are given out one transaction after the other, so
 * that a reader who has seen one has seen all before it.
 */
export async function recordChange(sql: Sql, season: string, key: string, change: Change): Promise<void> {
  await sql.$executeRawUnsafe(`SELECT pg_advisory_xact_lock(hashtextextended('season_change ' || $1, 0))`, season)
  await sql.$executeRawUnsafe(
    'INSERT INTO season_change (season, key, body) VALUES ($1, $2, $3::jsonb) ON CONFLICT (season, key) DO NOTHING',
    season,
    key,
    JSON.stringify(change),
  )
}

/** Changes after a position, at most 500. */
export const readChanges = (sql: Sql, season: string, after: number): PromiseLike<ChangeRow[]> =>
  sql.$queryRawUnsafe<ChangeRow[]>(
    `SELECT position::float8 AS position, body FROM season_change WHERE season = $1 AND position > $2::bigint ORDER BY season_change.position LIMIT 500`,
    season,
    String(after),
  )

/** The newest position, 0 if nothing changed yet. */
export async function lastPosition(sql: Sql, season: string): Promise<number> {
  const [row] = await sql.$queryRawUnsafe<{ position: number | null }[]>(
    'SELECT max(position)::float8 AS position FROM season_change WHERE season = $1',
    season,
  )
  return row?.position ?? 0
}

interface Due {
  season: string
  phase: string
  change: 'opened' | 'ended'
  closesAt: string
  at: string
}

/** What the calendar alone made happen and nobody was told of yet. */
export const dueChanges = (sql: Sql, now: string): PromiseLike<Due[]> =>
  sql.$queryRawUnsafe<Due[]>(
    `SELECT phase.season, phase.phase, due.change, ${iso('phase.closes_at')} AS "closesAt", ${iso('due.at')} AS at
     FROM phase
     JOIN season ON season.id = phase.season AND season.closed_at IS NULL
     CROSS JOIN LATERAL (VALUES ('opened', phase.opens_at), ('ended', phase.closes_at)) AS due (change, at)
     WHERE due.at <= $1::timestamptz AND phase.opens_at < phase.closes_at AND NOT EXISTS (
       SELECT 1 FROM season_change WHERE season_change.season = phase.season
         AND season_change.key = concat_ws(' ', 'phase', phase.phase, due.change, ${iso('due.at')}))
     ORDER BY due.at, phase.position`,
    now,
  )

const iso = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
