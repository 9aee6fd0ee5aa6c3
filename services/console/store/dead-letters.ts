import type { DeadLetter } from '../../../platform/kafka/index.js'
import { asMs, type Sql } from '../../../platform/postgres/index.js'

export interface DeadLetterRow {
  id: string
  topic: string
  event: string | null
  type: string | null
  season: string | null
  consumer: string
  cause: string
  at: number
  message: DeadLetter
  replayedAt: number | null
}

const CAUSE_LENGTH = 2_000

export async function recordDeadLetters(sql: Sql, letters: readonly DeadLetter[]): Promise<void> {
  for (const letter of letters) {
    await sql.$executeRawUnsafe(
      `INSERT INTO dead_letter (id, topic, event, type, season, consumer, cause, at, message)
       VALUES ($1, $2, nullif($3, ''), nullif($4, ''), nullif($5, ''), $6, $7, $8::timestamptz, $9::jsonb) ON CONFLICT DO NOTHING`,
      letter.id,
      letter.topic,
      letter.headers.ce_id ?? '',
      letter.headers.ce_type ?? '',
      letter.headers.ce_season ?? '',
      letter.group,
      letter.cause.slice(0, CAUSE_LENGTH),
      letter.failedAt,
      JSON.stringify(letter),
    )
  }
}

const COLUMNS = `id, topic, event, type, season, consumer, cause, ${asMs('at')} AS at, message, ${asMs('replayed_at')} AS "replayedAt"`

/** The newest first; `after` is the place of the last row seen. */
export const readDeadLetters = (sql: Sql, page: { replayed: boolean; limit: number; after?: [string, string] | undefined }): PromiseLike<DeadLetterRow[]> =>
  sql.$queryRawUnsafe<DeadLetterRow[]>(
    `SELECT ${COLUMNS} FROM dead_letter
     WHERE (replayed_at IS NOT NULL) = $1::boolean AND ($2 = '' OR (dead_letter.at, id) < ($2::timestamptz, $3))
     ORDER BY dead_letter.at DESC, id DESC LIMIT $4::int`,
    page.replayed,
    page.after?.[0] ?? '',
    page.after?.[1] ?? '',
    page.limit,
  )

/** One letter, locked so that two officers do not replay it at once. */
export const lockDeadLetter = async (sql: Sql, id: string): Promise<DeadLetterRow | undefined> =>
  (await sql.$queryRawUnsafe<DeadLetterRow[]>(`SELECT ${COLUMNS} FROM dead_letter WHERE id = $1 FOR UPDATE`, id))[0]

export const markReplayed = (sql: Sql, id: string, who: string, at: string): PromiseLike<number> =>
  sql.$executeRawUnsafe('UPDATE dead_letter SET replayed_at = $2::timestamptz, replayed_by = $3 WHERE id = $1', id, at, who)

export async function countWaiting(sql: Sql): Promise<number> {
  const [row] = await sql.$queryRawUnsafe<{ count: number }[]>('SELECT count(*)::int AS count FROM dead_letter WHERE replayed_at IS NULL')
  return row?.count ?? 0
}
