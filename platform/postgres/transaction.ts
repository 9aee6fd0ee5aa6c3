import { setTimeout as delay } from 'node:timers/promises'
import type { Pool } from 'pg'
import { isConflict } from './errors.js'
import { pgSql, type Sql } from './sql.js'

/** The part of a PrismaClient that runs interactive transactions. */
export interface Transactional<Tx> {
  $transaction<R>(run: (tx: Tx) => Promise<R>, options?: { maxWait?: number; timeout?: number }): Promise<R>
}

export interface TransactionOptions {
  /** Whole transaction; a request's is its remaining time. @default 4500 */
  timeoutMs?: number
  /** Nothing is committed once this is aborted. */
  signal?: AbortSignal
}

const ATTEMPTS = 5
const FIRST_PAUSE_MS = 10

/**
 * Runs a transaction (read committed), again if it met a serialization failure or deadlock. `run` must have no
 * effect outside the database.
 * @throws the signal's reason if it is aborted before the commit
 */
export async function inTransaction<Tx, R>(
  client: Transactional<Tx>,
  run: (tx: Tx) => Promise<R>,
  options: TransactionOptions = {},
): Promise<R> {
  const timeout = options.timeoutMs ?? 4_500
  return againOnConflict(() =>
    client.$transaction(
      async (tx) => {
        options.signal?.throwIfAborted()
        const result = await run(tx)
        options.signal?.throwIfAborted()
        return result
      },
      { timeout, maxWait: timeout },
    ),
  )
}

/** The same over a pg pool, for code that has no Prisma client. */
export async function inPoolTransaction<R>(pool: Pool, run: (sql: Sql) => Promise<R>): Promise<R> {
  return againOnConflict(async () => {
    const client = await pool.connect()
    let broken: Error | undefined
    try {
      await client.query('BEGIN')
      const result = await run(pgSql(client))
      await client.query('COMMIT')
      return result
    } catch (error) {
      await client.query('ROLLBACK').catch((lost: Error) => { broken = lost })
      throw error
    } finally {
      client.release(broken)
    }
  })
}

async function againOnConflict<R>(run: () => Promise<R>): Promise<R> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run()
    } catch (error) {
      if (attempt === ATTEMPTS || !isConflict(error)) throw error
      await delay(FIRST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random()))
    }
  }
}
