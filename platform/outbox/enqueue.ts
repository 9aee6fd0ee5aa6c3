import type { Event, Topic } from '../../contracts/events/envelope.js'
import type { Sql } from '../postgres/sql.js'

/**
 * Puts events into the outbox, in the transaction of what they tell. The caller has locked the aggregate's row
 * before, so that two events of one aggregate stand in the order in which they happened.
 */
export async function enqueue(sql: Sql, topic: Topic, events: readonly Event[]): Promise<void> {
  if (events.length === 0) return
  await sql.$executeRawUnsafe(
    `WITH put AS (
       INSERT INTO platform.outbox (topic, key, event)
       SELECT $1, key, event FROM unnest($2::text[], $3::jsonb[]) WITH ORDINALITY AS given (key, event, place) ORDER BY place
       RETURNING 1)
     SELECT pg_notify('${OUTBOX_CHANNEL}', '') FROM (SELECT count(*) FROM put) AS done`,
    topic,
    events.map((event) => event.subject),
    events.map((event) => JSON.stringify(event)),
  )
}

/** Wakes the relay when a transaction with events commits. */
export const OUTBOX_CHANNEL = 'ruxue_outbox'
