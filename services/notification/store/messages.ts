import { sqlInstant } from '../../../platform/postgres/index.js'
import { CHANNELS, messageId, type Channel, type Paper } from '../domain/paper.js'
import type { Database, Tx } from './database.js'

export const MESSAGE_STATES = ['queued', 'sent', 'failed', 'skipped'] as const
export type MessageState = (typeof MESSAGE_STATES)[number]

/** A message as operators see it, without anybody's address. */
export interface MessageRow {
  id: string
  child: string
  channel: Channel
  state: MessageState
  attempts: number
  number: string
}

/** A message taken from the queue. */
export interface DueMessage {
  id: string
  season: string
  child: string
  number: string
  channel: Channel
  /** How often it was tried, this time included. */
  attempts: number
}

/** Queues one message about each paper for each channel. */
export async function queueMessages(tx: Tx, papers: readonly Paper[]): Promise<void> {
  const queued = papers.flatMap((paper) => CHANNELS.map((channel) => ({ ...paper, channel, id: messageId(paper.season, paper.number, channel) })))
  await tx.$executeRawUnsafe(
    `INSERT INTO message (id, season, child, number, channel)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])`,
    queued.map(({ id }) => id), queued.map(({ season }) => season), queued.map(({ child }) => child), queued.map(({ number }) => number),
    queued.map(({ channel }) => channel),
  )
}

/**
 * Takes messages that are due, the longest waiting first. Whoever takes one has it for `leaseMs`; if it dies
 * meanwhile, the message is due again.
 */
export async function claimMessages(database: Database, limit: number, leaseMs: number): Promise<DueMessage[]> {
  return database.$queryRawUnsafe<DueMessage[]>(
    `WITH due AS (
       SELECT id FROM message WHERE next_at <= clock_timestamp() ORDER BY next_at LIMIT $1::int FOR UPDATE SKIP LOCKED
     )
     UPDATE message m SET attempts = m.attempts + 1, next_at = clock_timestamp() + $2::int * interval '1 millisecond'
     FROM due WHERE m.id = due.id
     RETURNING m.id, m.season, m.child, m.number, m.channel, m.attempts`,
    limit,
    leaseMs,
  )
}

/** Puts a message back, due again after a pause. */
export async function postponeMessage(database: Database, id: string, pauseMs: number, cause: string): Promise<void> {
  await database.$executeRawUnsafe(
    `UPDATE message SET next_at = clock_timestamp() + $2::int * interval '1 millisecond', last_error = $3 WHERE id = $1 AND state = 'queued'`,
    id,
    Math.ceil(pauseMs),
    cause,
  )
}

/** Puts a message back as if it had not been tried, because what stopped it was on our side. */
export async function giveBackMessage(database: Database, id: string, pauseMs: number, cause: string): Promise<void> {
  await database.$executeRawUnsafe('UPDATE message SET attempts = attempts - 1 WHERE id = $1 AND attempts > 0', id)
  await postponeMessage(database, id, pauseMs, cause)
}

/**
 * Ends a message.
 * @returns false if it had ended before
 */
export async function endMessage(tx: Tx, id: string, state: Exclude<MessageState, 'queued'>, at: number, cause?: string): Promise<boolean> {
  const ended = await tx.$executeRawUnsafe(
    `UPDATE message SET state = $2, next_at = NULL, done_at = $3::timestamptz, last_error = $4 WHERE id = $1 AND state = 'queued'`,
    id,
    state,
    sqlInstant(at),
    cause ?? null,
  )
  return ended === 1
}

/** Messages of a season in the order of their ids. */
export async function listMessages(
  database: Database,
  filter: { season: string; state?: MessageState | undefined; after?: string | undefined; limit: number },
): Promise<MessageRow[]> {
  const { season, state, after, limit } = filter
  const rows = await database.message.findMany({
    where: { season, ...(state !== undefined && { state }), ...(after !== undefined && { id: { gt: after } }) },
    orderBy: { id: 'asc' },
    take: limit,
  })
  return rows.map((row) => ({
    id: row.id, child: row.child, channel: row.channel as Channel, state: row.state as MessageState, attempts: row.attempts, number: row.number,
  }))
}
