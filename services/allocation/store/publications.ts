import type { ChildId, PhaseId, SchoolId, SeasonId } from '../../../contracts/ids.js'
import type { Tx } from './database.js'

export interface Result {
  child: ChildId
  outcome: 'admitted' | 'not-admitted'
  school: SchoolId | null
}

/** The next results to publish, by child. */
export const nextResults = (tx: Tx, season: SeasonId, phase: PhaseId, limit: number): PromiseLike<Result[]> =>
  tx.$queryRawUnsafe<Result[]>(
    `SELECT child, outcome, school FROM round_result
     WHERE season = $1 AND phase = $2 AND published_at IS NULL ORDER BY child COLLATE "C" LIMIT $3`,
    season,
    phase,
    limit,
  )

/** How many results are not published yet. */
export async function unpublished(tx: Tx, season: SeasonId, phase: PhaseId): Promise<number> {
  const [row] = await tx.$queryRawUnsafe<{ left: number }[]>(
    'SELECT count(*)::int AS left FROM round_result WHERE season = $1 AND phase = $2 AND published_at IS NULL',
    season,
    phase,
  )
  return row?.left ?? 0
}

/** Whether the publication of a round has begun. */
export async function anyPublished(tx: Tx, season: SeasonId, phase: PhaseId): Promise<boolean> {
  const [row] = await tx.$queryRawUnsafe<{ any: boolean }[]>(
    'SELECT EXISTS (SELECT 1 FROM round_result WHERE season = $1 AND phase = $2 AND published_at IS NOT NULL) AS any',
    season,
    phase,
  )
  return row!.any
}

/**
 * Makes the results of these children public: their seats of the round can be seen, and what they give up for it
 * is free. A child that has left the season, or was placed by a desk meanwhile, gets no seat.
 */
export async function reveal(tx: Tx, season: SeasonId, phase: PhaseId, children: readonly ChildId[]): Promise<void> {
  await tx.$executeRawUnsafe(
    `UPDATE seat SET child = NULL, basis = NULL, taken = false, visible = false, leaves_with = NULL
     WHERE season = $1 AND child = ANY ($3::text[]) AND (leaves_with = $2 OR (basis = $2 AND EXISTS (
       SELECT 1 FROM platform.child_fact AS fact
       WHERE fact.season = $1 AND fact.child = seat.child AND fact.aggregate = 'withdrawal'
       UNION ALL SELECT 1 FROM seat AS given WHERE given.season = $1 AND given.child = seat.child AND given.basis = 'arrangement')))`,
    season,
    phase,
    children,
  )
  await tx.$executeRawUnsafe(
    'UPDATE seat SET visible = true WHERE season = $1 AND basis = $2 AND child = ANY ($3::text[])',
    season,
    phase,
    children,
  )
  await tx.$executeRawUnsafe(
    'UPDATE round_result SET published_at = clock_timestamp() WHERE season = $1 AND phase = $2 AND child = ANY ($3::text[])',
    season,
    phase,
    children,
  )
}

/** The last result is out. */
export async function markPublished(tx: Tx, season: SeasonId, phase: PhaseId): Promise<void> {
  await tx.$executeRawUnsafe(
    `UPDATE round SET state = 'published', published_at = clock_timestamp() WHERE season = $1 AND phase = $2 AND state = 'decided'`,
    season,
    phase,
  )
}

/** A child's results in these rounds, published or not. */
export const resultsOf = (tx: Tx, season: SeasonId, phases: readonly PhaseId[], child: ChildId): PromiseLike<(Result & { phase: PhaseId })[]> =>
  tx.$queryRawUnsafe<(Result & { phase: PhaseId })[]>(
    `SELECT phase, child, outcome, school FROM round_result
     WHERE season = $1 AND phase = ANY ($2::text[]) AND child = $3 ORDER BY phase COLLATE "C"`,
    season,
    phases,
    child,
  )
