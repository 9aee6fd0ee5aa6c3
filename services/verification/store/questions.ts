import type { Reply } from '../domain/answer.js'
import type { CaseKey } from './cases.js'
import type { Database, Tx } from './database.js'

/** A question that was taken from the queue. */
export interface DueQuestion extends CaseKey {
  authority: string
  /** How often it was asked, this time included. */
  attempts: number
}

const OF_QUESTION = 'season = $1 AND phase = $2 AND child = $3 AND authority = $4'
const keysOf = ({ season, phase, child, authority }: DueQuestion) => [season, phase, child, authority]

/**
 * Takes questions that are due and whose window is still open, the longest waiting first. Whoever takes one has it
 * for `leaseMs`; if it dies meanwhile, the question is due again. The cases become `asked`.
 * @param authorities only questions to these
 */
export async function claimQuestions(database: Database, authorities: readonly string[], limit: number, leaseMs: number): Promise<DueQuestion[]> {
  return database.$queryRawUnsafe<DueQuestion[]>(
    `WITH due AS (
       SELECT q.season, q.phase, q.child, q.authority
       FROM question q JOIN platform.phase_window w ON w.season = q.season AND w.phase = q.phase
       WHERE q.next_at <= clock_timestamp() AND q.authority = ANY ($1::text[])
         AND w.closed_at IS NULL AND w.opens_at <= clock_timestamp() AND clock_timestamp() < w.closes_at
       ORDER BY q.next_at LIMIT $2::int FOR UPDATE OF q SKIP LOCKED
     ), asked AS (
       UPDATE case_file c SET state = 'asked' FROM due
       WHERE c.season = due.season AND c.phase = due.phase AND c.child = due.child AND c.state = 'open'
     )
     UPDATE question q SET attempts = q.attempts + 1, next_at = clock_timestamp() + $3::int * interval '1 millisecond'
     FROM due WHERE (q.season, q.phase, q.child, q.authority) = (due.season, due.phase, due.child, due.authority)
     RETURNING q.season, q.phase, q.child, q.authority, q.attempts`,
    authorities,
    limit,
    leaseMs,
  )
}

/** Puts a question back that got no answer, due again after a pause. */
export async function postponeQuestion(database: Database, question: DueQuestion, pauseMs: number, cause: string): Promise<void> {
  await database.$executeRawUnsafe(
    `UPDATE question SET next_at = clock_timestamp() + $5::int * interval '1 millisecond', last_error = $6 WHERE ${OF_QUESTION} AND reply IS NULL AND next_at IS NOT NULL`,
    ...keysOf(question),
    Math.ceil(pauseMs),
    cause,
  )
}

/**
 * Records an answer; the case must be locked.
 * @returns false if the question has one already
 */
export async function recordReply(tx: Tx, question: DueQuestion, reply: Reply): Promise<boolean> {
  const changed = await tx.$executeRawUnsafe(
    `UPDATE question SET reply = $5::jsonb, next_at = NULL, last_error = NULL WHERE ${OF_QUESTION} AND reply IS NULL`,
    ...keysOf(question),
    JSON.stringify(reply),
  )
  return changed === 1
}

/**
 * What the authorities of a case have answered.
 * @param authorities in the order in which the answer has them
 * @returns null for each that has not answered
 */
export async function repliesOf(tx: Tx, { season, phase, child }: CaseKey, authorities: readonly string[]): Promise<(Reply | null)[]> {
  const rows = await tx.$queryRawUnsafe<{ authority: string; reply: Reply | null }[]>(
    'SELECT authority, reply FROM question WHERE season = $1 AND phase = $2 AND child = $3',
    season,
    phase,
    child,
  )
  const replies = new Map(rows.map(({ authority, reply }) => [authority, reply]))
  return authorities.map((authority) => replies.get(authority) ?? null)
}
