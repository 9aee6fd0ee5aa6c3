import type { ChildFact } from '../../../contracts/facts.js'
import type { ChildId, SeasonId } from '../../../contracts/ids.js'
import { childrenWith, factsOfMany } from '../../../platform/facts/index.js'
import type { HasOutcome } from '../domain/rounds/candidates.js'
import { parts, type Tx } from './database.js'

/** As many as PostgreSQL looks up by the key; for more it reads the whole table each time. */
const AT_ONCE = 1_000

/**
 * The facts of every child that may be a candidate, child by child in the order of their ids, a part of them at
 * once so that a city fits in memory.
 * @param oneOf each candidate has one of these outcomes; undefined: look at everyone
 */
export async function* candidateFacts(tx: Tx, season: SeasonId, oneOf: readonly HasOutcome[] | undefined): AsyncGenerator<[ChildId, ChildFact[]]> {
  for (const some of parts(await candidates(tx, season, oneOf), AT_ONCE)) {
    yield* await factsOfMany(tx, season, some)
  }
}

async function candidates(tx: Tx, season: SeasonId, oneOf: readonly HasOutcome[] | undefined): Promise<ChildId[]> {
  if (!oneOf) {
    const rows = await tx.$queryRawUnsafe<{ child: ChildId }[]>(
      `SELECT DISTINCT child COLLATE "C" AS child FROM platform.child_fact WHERE season = $1 ORDER BY 1`,
      season,
    )
    return rows.map((row) => row.child)
  }
  const found = new Set<ChildId>()
  for (const { phase, outcome } of oneOf) {
    for (const child of await childrenWith(tx, season, phase, outcome)) found.add(child)
  }
  return [...found].sort()
}
