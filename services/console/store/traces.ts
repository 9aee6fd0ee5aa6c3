import type { Event } from '../../../contracts/events/envelope.js'
import type { EventData } from '../../../contracts/events/schemas.js'
import { asMs, type Sql } from '../../../platform/postgres/index.js'

export interface TimelineRow {
  event: string
  type: string
  at: number
  data: Record<string, unknown>
}

/** Keeps the events of each child as they came: opaque facts only. */
export async function recordTimeline(sql: Sql, events: readonly Event[]): Promise<void> {
  const about = events.flatMap((event) => {
    const child = (event.data as { child?: unknown }).child
    return typeof child === 'string' ? [{ ...event, child }] : []
  })
  if (about.length === 0) return
  await sql.$executeRawUnsafe(
    `INSERT INTO child_event (season, child, event, type, at, data)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::jsonb[])`,
    about.map((event) => event.season),
    about.map((event) => event.child),
    about.map((event) => event.id),
    about.map((event) => event.type),
    about.map((event) => event.time),
    about.map((event) => JSON.stringify(event.data)),
  )
}

/** In the order in which things happened. */
export const readTimeline = (sql: Sql, season: string, child: string): PromiseLike<TimelineRow[]> =>
  sql.$queryRawUnsafe<TimelineRow[]>(
    `SELECT event, type, ${asMs('at')} AS at, data FROM child_event
     WHERE season = $1 AND child = $2 ORDER BY child_event.at, position`,
    season,
    child,
  )

/** Counts events by type, rows in one order so that two batches never wait for each other in a circle. */
export async function countEvents(sql: Sql, events: readonly Event[]): Promise<void> {
  const counts = new Map<string, { season: string; type: string; count: number }>()
  for (const { season, type } of events) {
    const row = counts.get(`${season} ${type}`) ?? { season, type, count: 0 }
    row.count += 1
    counts.set(`${season} ${type}`, row)
  }
  const rows = [...counts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  await sql.$executeRawUnsafe(
    `INSERT INTO event_count AS known (season, type, count) SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])
     ON CONFLICT (season, type) DO UPDATE SET count = known.count + excluded.count`,
    rows.map((row) => row.season),
    rows.map((row) => row.type),
    rows.map((row) => String(row.count)),
  )
}

export type Message = EventData<'cn.ruxue.notification.message-sent.v1'> | EventData<'cn.ruxue.notification.message-failed.v1'>

/** A message that failed and was sent later counts as sent: the higher attempt wins. */
export async function projectMessages(sql: Sql, told: readonly Message[]): Promise<void> {
  const latest = new Map<string, MessageRow>()
  for (const row of told.map(rowOf)) {
    const known = latest.get(row.key)
    if (!known || known.attempts < row.attempts || (known.attempts === row.attempts && row.state === 'sent')) latest.set(row.key, row)
  }
  const rows = [...latest.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
  if (rows.length === 0) return
  await sql.$executeRawUnsafe(
    `INSERT INTO message AS known (season, id, state, attempts)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[])
     ON CONFLICT (season, id) DO UPDATE SET state = excluded.state, attempts = excluded.attempts
     WHERE known.attempts < excluded.attempts OR (known.attempts = excluded.attempts AND excluded.state = 'sent')`,
    rows.map((row) => row.season),
    rows.map((row) => row.id),
    rows.map((row) => row.state),
    rows.map((row) => row.attempts),
  )
}

interface MessageRow {
  key: string
  season: string
  id: string
  state: 'sent' | 'failed'
  attempts: number
}

const rowOf = (data: Message): MessageRow => ({
  key: `${data.season}/${data.id}`,
  season: data.season,
  id: data.id,
  state: 'sentAt' in data ? 'sent' : 'failed',
  attempts: data.attempts,
})
