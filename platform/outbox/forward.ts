import type { PoolClient } from 'pg'
import type { Event, Topic } from '../../contracts/events/envelope.js'

/** Sends events and settles when Kafka has acknowledged all of them; keeps the order of each key. */
export interface OutboxProducer {
  send(messages: readonly { topic: Topic; event: Event }[]): Promise<void>
}

interface Row {
  position: string
  topic: Topic
  event: Event
}

/**
 * Sends the oldest events and deletes them once they are acknowledged.
 * @returns how many
 */
export async function forward(client: PoolClient, producer: OutboxProducer, batchSize: number): Promise<number> {
  const { rows } = await client.query<Row>(
    'SELECT position, topic, event FROM platform.outbox ORDER BY position LIMIT $1',
    [batchSize],
  )
  if (rows.length === 0) return 0
  await producer.send(rows.map(({ topic, event }) => ({ topic, event })))
  await client.query('DELETE FROM platform.outbox WHERE position = ANY ($1::bigint[])', [rows.map((row) => row.position)])
  return rows.length
}
