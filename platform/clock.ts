import type { Sql } from './postgres/sql.js'

/** Where the time comes from; windows are judged by it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/**
 * How far PostgreSQL's clock is ahead of ours, in ms. The round trip is halved, so the error is at most half
 * of it.
 */
export async function databaseSkewMs(sql: Sql, clock: Clock): Promise<number> {
  const sentAt = clock.now()
  const [row] = await sql.$queryRawUnsafe<{ ms: number }[]>(
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms',
  )
  const answeredAt = clock.now()
  if (!row) throw new Error('PostgreSQL did not tell its time')
  return row.ms - (sentAt + answeredAt) / 2
}
