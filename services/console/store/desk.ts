import type { EnrollmentEvent } from '../../../contracts/enrollment.js'
import { asMs, sqlInstant, type Sql } from '../../../platform/postgres/index.js'
import { followDesk, type DeskCase } from '../domain/desk.js'

interface Run {
  season: string
  child: string
  district: string | undefined
  run: { event: EnrollmentEvent; at: number }[]
}

interface Known {
  season: string
  child: string
  sequence: number
  opened_at: number | null
}

/** Opens and closes cases as the events say; call it before the children's sequences are moved on. */
export async function projectDesk(sql: Sql, stated: readonly { event: EnrollmentEvent; at: number }[]): Promise<void> {
  const runs = runsOf(stated)
  if (runs.length === 0) return
  const known = await knownOf(sql, runs)
  const closes: (Run & { openedAt: number; at: number; as: string })[] = []
  const opens: (Run & DeskCase)[] = []
  for (const of of runs) {
    const there = known.get(`${of.season}/${of.child}`)
    const news = of.run.filter(({ event }) => event.sequence > (there?.sequence ?? 0))
    const change = followDesk(there?.opened_at ?? undefined, news)
    if (change.closes) closes.push({ ...of, ...change.closes })
    opens.push(...change.opens.map((desk) => ({ ...of, ...desk })))
  }
  await closeCases(sql, closes)
  await openCases(sql, opens)
}

function runsOf(stated: readonly { event: EnrollmentEvent; at: number }[]): Run[] {
  const runs = new Map<string, Run>()
  for (const { event, at } of stated) {
    const key = `${event.season}/${event.child}`
    const run = runs.get(key) ?? { season: event.season, child: event.child, district: event.district, run: [] }
    run.run.push({ event, at })
    run.district = event.district ?? run.district
    runs.set(key, run)
  }
  for (const { run } of runs.values()) run.sort((a, b) => a.event.sequence - b.event.sequence)
  return [...runs.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, run]) => run)
}

async function knownOf(sql: Sql, runs: readonly Run[]): Promise<Map<string, Known>> {
  const rows = await sql.$queryRawUnsafe<Known[]>(
    `SELECT child.season, child.child, child.sequence, ${asMs('desk.opened_at')} AS opened_at
     FROM unnest($1::text[], $2::text[]) AS wanted (season, child)
     JOIN child ON child.season = wanted.season AND child.child = wanted.child
     LEFT JOIN arrangement_case AS desk ON desk.season = child.season AND desk.child = child.child AND desk.closed_at IS NULL`,
    runs.map((run) => run.season),
    runs.map((run) => run.child),
  )
  return new Map(rows.map((row) => [`${row.season}/${row.child}`, row]))
}

async function closeCases(sql: Sql, closes: readonly (Run & { openedAt: number; at: number; as: string })[]): Promise<void> {
  if (closes.length === 0) return
  await sql.$executeRawUnsafe(
    `UPDATE arrangement_case AS desk SET closed_at = news.at, closed_as = news.closed_as
     FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[]) AS news (season, child, opened_at, at, closed_as)
     WHERE desk.season = news.season AND desk.child = news.child AND desk.opened_at = news.opened_at AND desk.closed_at IS NULL`,
    closes.map((row) => row.season),
    closes.map((row) => row.child),
    closes.map((row) => sqlInstant(row.openedAt)),
    closes.map((row) => sqlInstant(row.at)),
    closes.map((row) => row.as),
  )
}

async function openCases(sql: Sql, opens: readonly (Run & DeskCase)[]): Promise<void> {
  if (opens.length === 0) return
  await sql.$executeRawUnsafe(
    `INSERT INTO arrangement_case (season, child, opened_at, district, phase, cause, closed_at, closed_as)
     SELECT season, child, opened_at, nullif(district, ''), phase, cause, nullif(closed_at, '')::timestamptz, nullif(closed_as, '')
     FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::jsonb[], $7::text[], $8::text[])
       AS news (season, child, opened_at, district, phase, cause, closed_at, closed_as)
     ON CONFLICT DO NOTHING`,
    opens.map((row) => row.season),
    opens.map((row) => row.child),
    opens.map((row) => sqlInstant(row.openedAt)),
    opens.map((row) => row.district ?? ''),
    opens.map((row) => row.phase),
    opens.map((row) => JSON.stringify(row.cause)),
    opens.map((row) => (row.closedAt === undefined ? '' : sqlInstant(row.closedAt))),
    opens.map((row) => row.closedAs ?? ''),
  )
}
