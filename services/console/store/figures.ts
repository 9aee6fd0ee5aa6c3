import type { Sql } from '../../../platform/postgres/index.js'

export interface Figures {
  counts: { status: string; district: string; count: number }[]
  arrangementOpen: number
  events: number
  messages: { sent: number; failed: number }
}

/** @param district only this district's children; everything else is the season's */
export async function readFigures(sql: Sql, season: string, district?: string): Promise<Figures> {
  const only = district ?? ''
  const counts = await sql.$queryRawUnsafe<Figures['counts']>(
    `SELECT status, coalesce(district, '') AS district, count(*)::int AS count FROM child
     WHERE season = $1 AND ($2 = '' OR district = $2) GROUP BY status, district`,
    season,
    only,
  )
  const [rest] = await sql.$queryRawUnsafe<{ open: number; events: number; sent: number; failed: number }[]>(
    `SELECT
       (SELECT count(*)::int FROM arrangement_case AS desk LEFT JOIN child ON child.season = desk.season AND child.child = desk.child
        WHERE desk.season = $1 AND desk.closed_at IS NULL AND ($2 = '' OR coalesce(child.district, desk.district) = $2)) AS open,
       (SELECT coalesce(sum(count), 0)::float8 FROM event_count WHERE season = $1) AS events,
       (SELECT count(*)::int FROM message WHERE season = $1 AND state = 'sent') AS sent,
       (SELECT count(*)::int FROM message WHERE season = $1 AND state = 'failed') AS failed`,
    season,
    only,
  )
  if (!rest) throw new Error('An aggregate query gave no row')
  return { counts, arrangementOpen: rest.open, events: rest.events, messages: { sent: rest.sent, failed: rest.failed } }
}
