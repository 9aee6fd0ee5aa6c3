import { setTimeout as delay } from 'node:timers/promises'
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs'

/** Why a consumer is of no use any more. */
export interface Death {
  reason: 'crash' | 'no sign of life'
  error?: unknown
}

/** One consumer of kafkajs, from its start to its end. */
export interface Incarnation {
  /** Settles when it has crashed or fallen silent. */
  dead: Promise<Death>
  /** True once it is replaced or stopped: its work counts no more. */
  isOver(): boolean
  pause(): void
  resume(): void
  /** Leaves the group; does not wait longer than this for kafkajs to do so. */
  end(withinMs: number): Promise<void>
}

export interface IncarnationOptions {
  kafka: Kafka
  group: string
  topics: string[]
  sessionTimeoutMs: number
  /** Partitions whose batches are handled side by side. @default 1 */
  partitionsAtOnce?: number
  onBatch(payload: EachBatchPayload, isOver: () => boolean): Promise<void>
}

const LONGEST_SILENCE_MS = 30_000
const GIVE_UP_MS = 1_000

/** Starts a consumer. @throws if the broker is not reached */
export async function startIncarnation(options: IncarnationOptions): Promise<Incarnation> {
  const consumer = createConsumer(options)
  const named = options.topics.map((topic) => ({ topic }))
  let over = false
  const vigil = keepVigil(consumer, Math.min(2 * options.sessionTimeoutMs, LONGEST_SILENCE_MS))
  const incarnation: Incarnation = {
    dead: vigil.dead,
    isOver: () => over,
    pause: () => consumer.pause(named),
    resume: () => consumer.resume(named),
    end: async (withinMs) => {
      over = true
      vigil.end()
      const waiting = new AbortController()
      const late = delay(withinMs, undefined, { signal: waiting.signal }).catch(() => undefined)
      await Promise.race([consumer.disconnect().catch(() => undefined), late])
      waiting.abort()
    },
  }
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: options.topics, fromBeginning: true })
    await consumer.run({
      // Offsets are committed by whoever takes the batches: kafkajs would commit once for each partition.
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: options.partitionsAtOnce ?? 1,
      eachBatch: (payload) => options.onBatch(payload, () => over),
    })
  } catch (error) {
    await incarnation.end(GIVE_UP_MS)
    throw error
  }
  return incarnation
}

const LONGEST_FETCH_MS = 1_000

function createConsumer({ kafka, group, sessionTimeoutMs }: IncarnationOptions): Consumer {
  const heartbeatInterval = Math.floor(sessionTimeoutMs / 10)
  return kafka.consumer({
    groupId: group,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: 2 * sessionTimeoutMs,
    heartbeatInterval,
    maxWaitTimeInMs: Math.min(LONGEST_FETCH_MS, heartbeatInterval),
    allowAutoTopicCreation: false,
    // kafkajs's own restarts are off: whoever supervises replaces the consumer.
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 2, restartOnFailure: async () => false },
  })
}

/** Watches for a crash, and for signs of life. */
function keepVigil(consumer: Consumer, longestSilenceMs: number): { dead: Promise<Death>; end(): void } {
  const { HEARTBEAT, FETCH, GROUP_JOIN, END_BATCH_PROCESS, CRASH } = consumer.events
  let aliveAt = Date.now()
  let watch: NodeJS.Timeout | undefined
  const dead = new Promise<Death>((resolve) => {
    for (const sign of [HEARTBEAT, FETCH, GROUP_JOIN, END_BATCH_PROCESS]) consumer.on(sign, () => { aliveAt = Date.now() })
    consumer.on(CRASH, ({ payload }) => resolve({ reason: 'crash', error: payload.error }))
    watch = setInterval(() => {
      if (Date.now() - aliveAt > longestSilenceMs) resolve({ reason: 'no sign of life' })
    }, longestSilenceMs / 4)
  })
  return { dead, end: () => clearInterval(watch) }
}
