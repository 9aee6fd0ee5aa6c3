import { sqlInstant } from '../../../platform/postgres/index.js'
import type { DuePaper } from '../domain/news.js'
import type { Database, Tx } from './database.js'

/** A result of which a family is told at an instant (epoch ms), not before. */
export interface DueResult {
  paper: DuePaper
  dueAt: number
}

/** Keeps results until they may be told; one that is there already stays. */
export async function keepResults(tx: Tx, results: readonly DueResult[]): Promise<void> {
  if (results.length === 0) return
  const papers = results.map(({ paper }) => paper)
  await tx.$executeRawUnsafe(
    `INSERT INTO due_result (season, child, phase, reason, next, due_at)
     SELECT season, child, phase, nullif(reason, ''), nullif(next, ''), due_at
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[]) AS due (season, child, phase, reason, next, due_at)
     ON CONFLICT DO NOTHING`,
    papers.map(({ season }) => season), papers.map(({ child }) => child), papers.map(({ phase }) => phase),
    papers.map(({ reason }) => reason ?? ''), papers.map(({ next }) => next ?? ''), results.map(({ dueAt }) => sqlInstant(dueAt)),
  )
}

/** Seasons with results that may be told by now. */
export async function seasonsDue(database: Database, limit: number): Promise<string[]> {
  const rows = await database.$queryRawUnsafe<{ season: string }[]>(
    'SELECT DISTINCT season FROM due_result WHERE due_at <= clock_timestamp() LIMIT $1::int', limit)
  return rows.map(({ season }) => season)
}

/** Takes results of a season that may be told by now, no more than `limit`; whoever takes some issues them in the same transaction. */
export async function takeResults(tx: Tx, season: string, limit: number): Promise<DuePaper[]> {
  const rows = await tx.$queryRawUnsafe<{ child: string; phase: string; reason: string | null; next: string | null }[]>(
    `WITH due AS (
       SELECT child, phase FROM due_result WHERE season = $1 AND due_at <= clock_timestamp() ORDER BY due_at LIMIT $2::int FOR UPDATE SKIP LOCKED
     )
     DELETE FROM due_result d USING due WHERE d.season = $1 AND d.child = due.child AND d.phase = due.phase
     RETURNING d.child, d.phase, d.reason, d.next`,
    season,
    limit,
  )
  return rows.map(({ child, phase, reason, next }) => ({
    season, child, phase, kind: 'result', ...(reason !== null && { reason }), ...(next !== null && { next }),
  }))
}
