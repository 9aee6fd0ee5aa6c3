import type { EnrollmentEvent } from '../../../contracts/enrollment.js'
import type { ChildFact } from '../../../contracts/facts.js'
import { storeFacts } from '../../../platform/facts/index.js'
import { sqlInstant, type Sql } from '../../../platform/postgres/index.js'

export interface StatedFact {
  fact: ChildFact
  /** Epoch ms. */
  at: number
}

/** Takes snapshots into the projection; those no newer than what is there change nothing. */
export async function projectFacts(sql: Sql, stated: readonly StatedFact[]): Promise<void> {
  if (stated.length === 0) return
  await listChildren(sql, stated)
  const changed = await storeFacts(sql, stated.map(({ fact }) => fact))
  await replaceOutcomes(sql, changed)
  await nameChildren(sql, changed)
}

/** A child is known from the first fact about it, before its workflow has said anything. */
async function listChildren(sql: Sql, stated: readonly StatedFact[]): Promise<void> {
  const rows = onePerChild(stated.map(({ fact, at }) => ({ season: fact.season, child: fact.child, at })))
  await sql.$executeRawUnsafe(
    `INSERT INTO child (season, child, updated_at)
     SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[]) ON CONFLICT DO NOTHING`,
    rows.map((row) => row.season),
    rows.map((row) => row.child),
    rows.map((row) => sqlInstant(row.at)),
  )
}

/** District from the roster, registration number from the form. */
async function nameChildren(sql: Sql, facts: readonly ChildFact[]): Promise<void> {
  const named = facts.filter((fact) => fact.district !== undefined || fact.number !== undefined)
  if (named.length === 0) return
  const rows = mergedPerChild(named)
  await sql.$executeRawUnsafe(
    `UPDATE child SET district = coalesce(nullif(news.district, ''), child.district),
       number = coalesce(nullif(news.number, ''), child.number)
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS news (season, child, district, number)
     WHERE child.season = news.season AND child.child = news.child`,
    rows.map((row) => row.season),
    rows.map((row) => row.child),
    rows.map((row) => row.district ?? ''),
    rows.map((row) => row.number ?? ''),
  )
}

async function replaceOutcomes(sql: Sql, facts: readonly ChildFact[]): Promise<void> {
  const stating = facts.filter((fact) => fact.outcomes !== undefined)
  if (stating.length === 0) return
  await sql.$executeRawUnsafe(
    `DELETE FROM child_outcome AS old USING unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS fact (season, child, aggregate, id)
     WHERE old.season = fact.season AND old.child = fact.child AND old.aggregate = fact.aggregate AND old.id = fact.id`,
    stating.map((fact) => fact.season),
    stating.map((fact) => fact.child),
    stating.map((fact) => fact.aggregate),
    stating.map((fact) => fact.id),
  )
  const rows = stating.flatMap((fact) => Object.entries(fact.outcomes ?? {}).map(([phase, outcome]) => ({ fact, phase, outcome })))
  await sql.$executeRawUnsafe(
    `INSERT INTO child_outcome (season, phase, child, aggregate, id, outcome)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])`,
    rows.map((row) => row.fact.season),
    rows.map((row) => row.phase),
    rows.map((row) => row.fact.child),
    rows.map((row) => row.fact.aggregate),
    rows.map((row) => row.fact.id),
    rows.map((row) => row.outcome),
  )
}

/** Sets the newest status of each child; an older sequence changes nothing. */
export async function projectStatuses(sql: Sql, stated: readonly { event: EnrollmentEvent; at: number }[]): Promise<void> {
  const rows = onePerChild(
    stated.map(({ event, at }) => ({ ...event, at })),
    (a, b) => a.sequence > b.sequence,
  )
  if (rows.length === 0) return
  const json = (value: unknown) => (value === undefined ? 'null' : JSON.stringify(value))
  await sql.$executeRawUnsafe(
    `INSERT INTO child (season, child, district, status, sequence, arrangement, end_state, updated_at)
     SELECT season, child, nullif(district, ''), status, sequence, nullif(arrangement, 'null'), nullif(end_state, 'null'), at
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::jsonb[], $7::jsonb[], $8::timestamptz[])
       AS news (season, child, district, status, sequence, arrangement, end_state, at)
     ON CONFLICT (season, child) DO UPDATE SET
       district = coalesce(excluded.district, child.district), status = excluded.status, sequence = excluded.sequence,
       arrangement = excluded.arrangement, end_state = excluded.end_state, updated_at = excluded.updated_at
     WHERE child.sequence < excluded.sequence`,
    rows.map((row) => row.season),
    rows.map((row) => row.child),
    rows.map((row) => row.district ?? ''),
    rows.map((row) => row.status),
    rows.map((row) => String(row.sequence)),
    rows.map((row) => json(row.arrangement)),
    rows.map((row) => json(row.end)),
    rows.map((row) => sqlInstant(row.at)),
  )
}

/** One row a child, in the order of the ids, so that two batches lock their rows in the same order. */
function onePerChild<R extends { season: string; child: string }>(rows: readonly R[], better: (a: R, b: R) => boolean = () => false): R[] {
  const chosen = new Map<string, R>()
  for (const row of rows) {
    const key = `${row.season}/${row.child}`
    const there = chosen.get(key)
    if (!there || better(row, there)) chosen.set(key, row)
  }
  return [...chosen.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

function mergedPerChild(facts: readonly ChildFact[]): Pick<ChildFact, 'season' | 'child' | 'district' | 'number'>[] {
  const merged = new Map<string, Pick<ChildFact, 'season' | 'child' | 'district' | 'number'>>()
  for (const { season, child, district, number } of facts) {
    const there = merged.get(`${season}/${child}`)
    const of = { season, child, district: district ?? there?.district, number: number ?? there?.number }
    merged.set(`${season}/${child}`, of as Pick<ChildFact, 'season' | 'child' | 'district' | 'number'>)
  }
  return [...merged.values()]
}
