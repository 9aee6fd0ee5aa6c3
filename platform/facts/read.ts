import type { Aggregate, ChildFact } from '../../contracts/facts.js'
import { foldKnowledge, type Knowledge } from '../../policies/knowledge.js'
import type { Timeline } from '../../policies/timeline.js'
import type { Sql } from '../postgres/sql.js'

/** All facts of one child. */
export async function factsOf(sql: Sql, season: string, child: string): Promise<ChildFact[]> {
  const rows = await sql.$queryRawUnsafe<{ body: ChildFact }[]>(
    'SELECT body FROM platform.child_fact WHERE season = $1 AND child = $2',
    season,
    child,
  )
  return rows.map((row) => row.body)
}

/** All facts of each of these children; a child without facts has an empty list. */
export async function factsOfMany(sql: Sql, season: string, children: readonly string[]): Promise<Map<string, ChildFact[]>> {
  const rows = await sql.$queryRawUnsafe<{ body: ChildFact }[]>(
    'SELECT body FROM platform.child_fact WHERE season = $1 AND child = ANY ($2::text[])',
    season,
    children,
  )
  return grouped(children, rows)
}

/** All facts of all children of a season. A city's season is a few hundred megabytes: for rounds, not requests. */
export async function factsOfSeason(sql: Sql, season: string): Promise<Map<string, ChildFact[]>> {
  const rows = await sql.$queryRawUnsafe<{ body: ChildFact }[]>(
    'SELECT body FROM platform.child_fact WHERE season = $1',
    season,
  )
  return grouped([], rows)
}

function grouped(children: readonly string[], rows: { body: ChildFact }[]): Map<string, ChildFact[]> {
  const byChild = new Map<string, ChildFact[]>(children.map((child) => [child, []]))
  for (const { body } of rows) {
    const known = byChild.get(body.child)
    if (known) known.push(body)
    else byChild.set(body.child, [body])
  }
  return byChild
}

/** One fact of a child, if it is there. */
export async function factOf(
  sql: Sql,
  season: string,
  child: string,
  aggregate: Aggregate,
  id: string,
): Promise<ChildFact | undefined> {
  const [row] = await sql.$queryRawUnsafe<{ body: ChildFact }[]>(
    'SELECT body FROM platform.child_fact WHERE season = $1 AND child = $2 AND aggregate = $3 AND id = $4',
    season,
    child,
    aggregate,
    id,
  )
  return row?.body
}

/** The children with this outcome of a phase, in the order of their ids. */
export async function childrenWith(sql: Sql, season: string, phase: string, outcome: string): Promise<string[]> {
  const rows = await sql.$queryRawUnsafe<{ child: string }[]>(
    `SELECT DISTINCT child COLLATE "C" AS child FROM platform.child_fact
     WHERE season = $1 AND body->'outcomes'->>$2 = $3 ORDER BY 1`,
    season,
    phase,
    outcome,
  )
  return rows.map((row) => row.child)
}

/** What is known about a child here, folded from its facts. */
export const knowledgeOf = async (sql: Sql, timeline: Timeline, season: string, child: string): Promise<Knowledge> =>
  foldKnowledge(timeline, await factsOf(sql, season, child))
