import { setTimeout as delay } from 'node:timers/promises'
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs'
import type { Log } from '../log.js'

/** One incarnation of the consumer. */
export interface Member {
  /** True once it has been replaced or stopped; its work counts no more. */
  isOver(): boolean
}

export interface SupervisedOptions {
  kafka: Kafka
  group: string
  topics: string[]
  log: Log
  sessionTimeoutMs: number
  onBatch(payload: EachBatchPayload, member: Member): Promise<void>
}

export interface Supervised {
  pause(): void
  resume(): void
  stop(): Promise<void>
}

/** An orderly stop finishes the batch under way; a consumer that is replaced may hang in its disconnect. */
const STOP_MS = 10_000
const GIVE_UP_MS = 1_000
const RECREATE_PAUSE_MS = 500
const LONGEST_SILENCE_MS = 30_000

/**
 * Keeps one consumer of a group alive. kafkajs restarts a crashed consumer only after some errors and may stay
 * silent for ever after others (kafkajs #1630), so its own restart is off: after a crash, or when it has shown
 * no sign of life for two sessions (at most 30 s), a new one takes its place.
 */
export async function superviseConsumer(options: SupervisedOptions): Promise<Supervised> {
  let stopped = false
  let paused = false
  let current: Incarnation | undefined
  let replacing: Promise<void> | undefined

  const replace = (reason: string, error?: unknown) => {
    if (stopped || replacing) return
    options.log.warn({ err: error, group: options.group, reason }, 'consumer is replaced')
    replacing = (async () => {
      await current?.end(GIVE_UP_MS)
      while (!stopped) {
        try {
          current = await begin(options, replaceIfCurrent)
          if (paused) current.pause()
          return
        } catch (failure) {
          options.log.warn({ err: failure, group: options.group }, 'consumer does not start, trying again')
          await delay(RECREATE_PAUSE_MS)
        }
      }
    })().finally(() => { replacing = undefined })
  }
  const replaceIfCurrent = (which: Incarnation, reason: string, error?: unknown) => {
    if (which === current || replacing === undefined) replace(reason, error)
  }

  current = await begin(options, replaceIfCurrent)
  const longestSilenceMs = Math.min(2 * options.sessionTimeoutMs, LONGEST_SILENCE_MS)
  const watch = setInterval(() => {
    if (current && !replacing && current.silentMs() > longestSilenceMs) replace('no sign of life')
  }, longestSilenceMs / 4)
  return {
    pause: () => {
      paused = true
      current?.pause()
    },
    resume: () => {
      paused = false
      current?.resume()
    },
    stop: async () => {
      stopped = true
      clearInterval(watch)
      await replacing
      await current?.end(STOP_MS)
    },
  }
}

interface Incarnation {
  silentMs(): number
  pause(): void
  resume(): void
  end(withinMs: number): Promise<void>
}

type OnCrash = (which: Incarnation, reason: string, error?: unknown) => void

async function begin(options: SupervisedOptions, onCrash: OnCrash): Promise<Incarnation> {
  const { kafka, group, topics, sessionTimeoutMs } = options
  const heartbeatInterval = Math.floor(sessionTimeoutMs / 10)
  const consumer = kafka.consumer({
    groupId: group,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: 2 * sessionTimeoutMs,
    heartbeatInterval,
    maxWaitTimeInMs: Math.min(1_000, heartbeatInterval),
    allowAutoTopicCreation: false,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 2, restartOnFailure: async () => false },
  })
  let over = false
  let aliveAt = Date.now()
  const incarnation = incarnationOf(consumer, topics, () => Date.now() - aliveAt, () => { over = true })
  for (const sign of [consumer.events.HEARTBEAT, consumer.events.FETCH, consumer.events.GROUP_JOIN, consumer.events.END_BATCH_PROCESS]) {
    consumer.on(sign, () => { aliveAt = Date.now() })
  }
  consumer.on(consumer.events.CRASH, ({ payload }) => { if (!over) onCrash(incarnation, 'crash', payload.error) })
  try {
    await consumer.connect()
    await consumer.subscribe({ topics, fromBeginning: true })
    await consumer.run({
      eachBatchAutoResolve: false,
      eachBatch: (payload) => options.onBatch(payload, { isOver: () => over }),
    })
  } catch (error) {
    await incarnation.end(GIVE_UP_MS)
    throw error
  }
  return incarnation
}

function incarnationOf(consumer: Consumer, topics: string[], silentMs: () => number, markOver: () => void): Incarnation {
  const named = topics.map((topic) => ({ topic }))
  return {
    silentMs,
    pause: () => consumer.pause(named),
    resume: () => consumer.resume(named),
    end: async (withinMs) => {
      markOver()
      const timeout = new AbortController()
      await Promise.race([
        consumer.disconnect().catch(() => undefined),
        delay(withinMs, undefined, { signal: timeout.signal }).catch(() => undefined),
      ])
      timeout.abort()
    },
  }
}
