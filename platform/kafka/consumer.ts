import { setImmediate, setTimeout as delay } from 'node:timers/promises'
import type { EachBatchPayload, Kafka } from 'kafkajs'
import type { Event, Topic } from '../../contracts/events/envelope.js'
import type { Log } from '../log.js'
import { sendDeadLetter } from './dead-letter.js'
import { deliver } from './deliver.js'
import { decodeEvent, topicName, type RawMessage } from './events.js'
import type { ConsumerMetrics } from './lag.js'
import type { EventProducer } from './producer.js'
import { superviseConsumer } from './supervise.js'
import { passesByItself } from './transient.js'

/** Where a batch comes from. */
export interface Source {
  topic: Topic
  partition: number
}

export interface ConsumerOptions<T = Event> {
  kafka: Kafka
  topicPrefix: string
  /** Without the prefix. */
  group: string
  topics: readonly Topic[]
  /**
   * Takes events of one partition in their order, in one transaction with `consumeOnce`: what throws has had no
   * effect. Called again with the same events after a failure that passes, or after a restart.
   */
  handleBatch(events: T[], source: Source): Promise<void>
  /** A message to what `handleBatch` takes; what throws goes to the dead-letter topic. Default: `decodeEvent`. */
  decode?(message: RawMessage): T
  /** Connected; sends dead letters. */
  producer: EventProducer
  log: Log
  metrics?: ConsumerMetrics
  /** @default 30_000 */
  sessionTimeoutMs?: number
  /** Events a call at most. @default 500 */
  maxBatch?: number
  /** Pause after a batch (ms): what comes meanwhile is taken together, and the first event after a silence at once. @default 0 */
  restMs?: number
  /** Partitions whose batches are handled side by side; the order within each stays. @default 1 */
  partitionsAtOnce?: number
  /** Failures of this consumer that pass by themselves, besides those of PostgreSQL, Kafka, HTTP and gRPC. */
  passes?(error: unknown): boolean
}

export interface RunningConsumer {
  /** Full name of the group. */
  group: string
  /** Takes no new batch until `resume`. */
  pause(): void
  resume(): void
  /** Finishes the batch under way, commits its offset and leaves the group. */
  stop(): Promise<void>
}

const LONGEST_PAUSE_MS = 5_000

/** Starts a supervised consumer from the beginning of the topics, or where its group stopped. */
export async function startConsumer<T = Event>(options: ConsumerOptions<T>): Promise<RunningConsumer> {
  const group = `${options.topicPrefix}.${options.group}`
  const topics = options.topics.map((topic) => topicName(options.topicPrefix, topic))
  const commit = combineCommits()
  const supervised = await superviseConsumer({
    kafka: options.kafka,
    group,
    topics,
    log: options.log,
    sessionTimeoutMs: options.sessionTimeoutMs ?? 30_000,
    ...(options.partitionsAtOnce !== undefined && { partitionsAtOnce: options.partitionsAtOnce }),
    onBatch: (payload, isOver) => takeBatch(options, group, payload, isOver, commit),
  })
  return { group, ...supervised }
}

type Commit = (payload: EachBatchPayload) => Promise<void>

/** Commits what is resolved on all partitions with one request for all that ask for it in the same turn of the loop. */
function combineCommits(): Commit {
  let next: Promise<void> | undefined
  return (payload) => {
    next ??= setImmediate().then(() => {
      next = undefined
      return payload.commitOffsetsIfNecessary(payload.uncommittedOffsets())
    })
    return next
  }
}

async function takeBatch<T>(options: ConsumerOptions<T>, group: string, payload: EachBatchPayload, isOver: () => boolean, commit: Commit): Promise<void> {
  const { batch, resolveOffset, heartbeat } = payload
  const topic = options.topics.find((name) => topicName(options.topicPrefix, name) === batch.topic)
  if (!topic) throw new Error(`Batch of a topic that was not subscribed: ${batch.topic}`)
  const source = { topic, partition: batch.partition }
  const givenUp = () => isOver() || !payload.isRunning() || payload.isStale()
  const size = options.maxBatch ?? 500
  for (let at = 0; at < batch.messages.length; at += size) {
    const messages = batch.messages.slice(at, at + size)
    const done = await deliver<T>(messages, {
      decode: options.decode ?? (decodeEvent as (message: RawMessage) => T),
      handle: (events) => options.handleBatch(events, source),
      passes: (error) => passesByItself(error) || (options.passes?.(error) ?? false),
      putAside: async (message, cause) => {
        const origin = { topic: batch.topic, partition: batch.partition, offset: message.offset, group }
        await sendDeadLetter(options.producer, options.topicPrefix, message, origin, cause)
        options.log.error({ err: cause, ...origin }, 'message put aside in the dead-letter topic')
        options.metrics?.deadLetters.inc({ group, topic })
      },
      pause: async (attempt, error) => {
        options.log.warn({ err: error, group, ...source, attempt }, 'batch failed, trying again')
        await delay(Math.min(LONGEST_PAUSE_MS, 50 * 2 ** Math.min(attempt, 8)))
        await heartbeat()
      },
      givenUp,
    })
    const last = messages.at(-1)
    if (!done || !last) return
    resolveOffset(last.offset)
    await commit(payload)
    await heartbeat()
    options.metrics?.lag.set({ group, topic, partition: batch.partition }, Number(batch.highWatermark) - Number(last.offset) - 1)
  }
  if (options.restMs && !givenUp()) await delay(options.restMs)
}
