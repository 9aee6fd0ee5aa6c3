import { setTimeout as delay } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import type { Log } from '../log.js'
import { OUTBOX_CHANNEL } from './enqueue.js'
import { forward, type OutboxProducer } from './forward.js'
import { Wake } from './wake.js'

export interface RelayOptions {
  pool: Pool
  producer: OutboxProducer
  log: Log
  /** Longest wait where no notification comes. @default 500 */
  pollMs?: number
  /** Events sent at once. @default 1000 */
  batchSize?: number
}

export interface Relay {
  stop(): Promise<void>
  /** Settles when the outbox has been seen empty. */
  idle(): Promise<void>
  isLeader(): boolean
}

const LEADER_LOCK = 7_240_113
const RETRY_MS = 500
/** After a batch, so that what comes meanwhile is sent together; the first event after a silence goes at once. */
const REST_MS = 40

/**
 * Carries the outbox to Kafka. Of all relays on a database one leads, by a session's advisory lock; the others
 * wait to take over. What Kafka acknowledged is deleted; what it did not is sent again, so consumers
 * deduplicate. Batches go one after another in the outbox's order.
 */
export function startRelay(options: RelayOptions): Relay {
  const stopping = new AbortController()
  const wake = new Wake()
  let leading = false
  const work = (async () => {
    while (!stopping.signal.aborted) {
      try {
        await lead(options, wake, stopping.signal, (now) => { leading = now })
      } catch (error) {
        if (!stopping.signal.aborted) options.log.warn({ err: error }, 'outbox relay was interrupted, trying again')
      }
      leading = false
      if (!stopping.signal.aborted) await wake.wait(RETRY_MS)
    }
  })()
  return {
    isLeader: () => leading,
    idle: async () => {
      for (;;) {
        const { rows } = await options.pool.query<{ waiting: boolean }>('SELECT EXISTS (SELECT 1 FROM platform.outbox) AS waiting')
        if (!rows[0]?.waiting) return
        await delay(20)
      }
    },
    stop: async () => {
      stopping.abort()
      wake.now()
      await work
    },
  }
}

async function lead(options: RelayOptions, wake: Wake, stopping: AbortSignal, tell: (leading: boolean) => void): Promise<void> {
  const batchSize = options.batchSize ?? 1_000
  const client = await options.pool.connect()
  let lost: Error | undefined
  const onError = (error: Error) => {
    lost = error
    wake.now()
  }
  client.on('error', onError)
  client.on('notification', () => wake.now())
  try {
    if (!(await takeLead(client))) return
    tell(true)
    options.log.info('outbox relay leads')
    await client.query(`LISTEN ${OUTBOX_CHANNEL}`)
    while (!stopping.aborted) {
      if (lost) throw lost
      const sent = await forward(client, options.producer, batchSize)
      if (sent === 0) await wake.wait(options.pollMs ?? 500)
      else if (sent < batchSize) await delay(REST_MS)
    }
  } finally {
    client.off('error', onError)
    client.removeAllListeners('notification')
    client.release(true)
  }
}

/** The lock ends with the session, so a leader that dies is followed at once. */
async function takeLead(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [LEADER_LOCK])
  return rows[0]?.taken ?? false
}
