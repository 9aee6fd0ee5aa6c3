import type { ChildFact } from '../../contracts/facts.js'
import type { Sql } from '../postgres/sql.js'

/**
 * Stores snapshots, each only if its revision is higher than the one there. In one statement; of several
 * snapshots of the same aggregate the newest is taken.
 * @returns those that changed something
 */
export async function storeFacts(sql: Sql, facts: readonly ChildFact[]): Promise<ChildFact[]> {
  const newest = newestOf(facts)
  if (newest.length === 0) return []
  const rows = await sql.$queryRawUnsafe<{ key: string }[]>(
    `INSERT INTO platform.child_fact AS known (season, child, aggregate, id, revision, body)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::jsonb[])
     ON CONFLICT (season, child, aggregate, id) DO UPDATE SET revision = excluded.revision, body = excluded.body
       WHERE known.revision < excluded.revision
     RETURNING concat_ws('/', season, child, aggregate, id) AS key`,
    newest.map((fact) => fact.season),
    newest.map((fact) => fact.child),
    newest.map((fact) => fact.aggregate),
    newest.map((fact) => fact.id),
    newest.map((fact) => String(fact.revision)),
    newest.map((fact) => JSON.stringify(fact)),
  )
  const changed = new Set(rows.map((row) => row.key))
  return newest.filter((fact) => changed.has(keyOf(fact)))
}

const keyOf = ({ season, child, aggregate, id }: ChildFact): string => [season, child, aggregate, id].join('/')

/** Sorted, so that two batches with the same children lock their rows in the same order. */
function newestOf(facts: readonly ChildFact[]): ChildFact[] {
  const newest = new Map<string, ChildFact>()
  for (const fact of facts) {
    const known = newest.get(keyOf(fact))
    if (!known || known.revision < fact.revision) newest.set(keyOf(fact), fact)
  }
  return [...newest.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, fact]) => fact)
}
