import type { EventData } from '../../../contracts/events/schemas.js'
import { asMs, type Sql } from '../../../platform/postgres/index.js'

/** A season as its opening said. Instants in epoch ms. */
export interface SeasonRow {
  id: string
  policy: { id: string; version: number; hash: string }
  opensAt: number
  closesAt: number
  closedAt: number | null
  ends: Record<string, number> | null
}

export interface PhaseRow {
  phase: string
  kind: string
  owner: string
  opensAt: number
  calendarClosesAt: number
  closesAt: number
  publishAt: number | null
  closedAt: number | null
  count: number | null
  digest: string | null
}

export async function projectOpened(sql: Sql, data: EventData<'cn.ruxue.season.opened.v1'>): Promise<void> {
  await sql.$executeRawUnsafe(
    `INSERT INTO season (id, policy, opens_at, closes_at) VALUES ($1, $2::jsonb, $3::timestamptz, $4::timestamptz) ON CONFLICT DO NOTHING`,
    data.season,
    JSON.stringify(data.policy),
    data.opensAt,
    data.closesAt,
  )
  await sql.$executeRawUnsafe(
    `INSERT INTO phase (season, phase, position, kind, owner, opens_at, calendar_closes_at, closes_at, publish_at)
     SELECT $1, phase, position, kind, owner, opens_at, closes_at, closes_at, nullif(publish_at, '')::timestamptz
     FROM unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[])
       WITH ORDINALITY AS news (phase, kind, owner, opens_at, closes_at, publish_at, position)
     ON CONFLICT (season, phase) DO UPDATE SET position = excluded.position, kind = excluded.kind, owner = excluded.owner,
       opens_at = excluded.opens_at, calendar_closes_at = excluded.calendar_closes_at, publish_at = excluded.publish_at,
       closes_at = greatest(phase.closes_at, excluded.closes_at)`,
    data.season,
    data.phases.map((phase) => phase.phase),
    data.phases.map((phase) => phase.kind),
    data.phases.map((phase) => phase.owner),
    data.phases.map((phase) => phase.opensAt),
    data.phases.map((phase) => phase.closesAt),
    data.phases.map((phase) => phase.publishAt ?? ''),
  )
}

export const projectExtended = (sql: Sql, { season, phase, closesAt }: EventData<'cn.ruxue.season.phase-extended.v1'>): PromiseLike<number> =>
  sql.$executeRawUnsafe(
    `INSERT INTO phase (season, phase, closes_at) VALUES ($1, $2, $3::timestamptz)
     ON CONFLICT (season, phase) DO UPDATE SET closes_at = greatest(phase.closes_at, excluded.closes_at)`,
    season,
    phase,
    closesAt,
  )

export const projectPhaseClosed = (sql: Sql, data: EventData<'cn.ruxue.season.phase-closed.v1'>): PromiseLike<number> =>
  sql.$executeRawUnsafe(
    `INSERT INTO phase (season, phase, closes_at, closed_at, count, digest)
     VALUES ($1, $2, $3::timestamptz, $4::timestamptz, $5::int, $6)
     ON CONFLICT (season, phase) DO UPDATE SET closes_at = excluded.closes_at, closed_at = excluded.closed_at,
       count = excluded.count, digest = excluded.digest`,
    data.season,
    data.phase,
    data.closesAt,
    data.closedAt,
    data.count,
    data.digest,
  )

export const projectSeasonClosed = (sql: Sql, data: EventData<'cn.ruxue.season.closed.v1'>): PromiseLike<number> =>
  sql.$executeRawUnsafe(
    `UPDATE season SET closed_at = $2::timestamptz, ends = nullif($3, '')::jsonb WHERE id = $1`,
    data.season,
    data.closedAt,
    data.ends ? JSON.stringify(data.ends) : '',
  )

const SEASON_COLUMNS = `id, policy, ${asMs('opens_at')} AS "opensAt", ${asMs('closes_at')} AS "closesAt", ${asMs('closed_at')} AS "closedAt", ends`

export const readSeasons = (sql: Sql): PromiseLike<SeasonRow[]> =>
  sql.$queryRawUnsafe<SeasonRow[]>(`SELECT ${SEASON_COLUMNS} FROM season ORDER BY season.opens_at DESC, id`)

export const readSeasonRow = async (sql: Sql, season: string): Promise<SeasonRow | undefined> =>
  (await sql.$queryRawUnsafe<SeasonRow[]>(`SELECT ${SEASON_COLUMNS} FROM season WHERE id = $1`, season))[0]

/** The phases the opening named, in the notice's order. A round closes with its publication. */
export const readPhases = (sql: Sql, season: string): PromiseLike<PhaseRow[]> =>
  sql.$queryRawUnsafe<PhaseRow[]>(
    `SELECT phase.phase, kind, owner, ${asMs('opens_at')} AS "opensAt", ${asMs('calendar_closes_at')} AS "calendarClosesAt",
       ${asMs('closes_at')} AS "closesAt", ${asMs('publish_at')} AS "publishAt",
       ${asMs('coalesce(phase.closed_at, round.published_at)')} AS "closedAt", count, digest
     FROM phase LEFT JOIN round ON round.season = phase.season AND round.phase = phase.phase
     WHERE phase.season = $1 AND kind IS NOT NULL ORDER BY position`,
    season,
  )
