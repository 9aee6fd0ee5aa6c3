import type { Kafka } from 'kafkajs'
import type { Event, Topic } from '../../contracts/events/envelope.js'
import { decodeEventData } from '../../contracts/events/schemas.js'
import { FACT_EVENTS, type EventType } from '../../contracts/events/types.js'
import type { ChildFact } from '../../contracts/facts.js'
import { consumeOnce } from '../inbox.js'
import { combine } from '../kafka/combine.js'
import { decodeEvent, startConsumer, type ConsumerMetrics, type EventProducer, type RawMessage, type RunningConsumer } from '../kafka/index.js'
import type { Log } from '../log.js'
import { inTransaction, type Sql, type Transactional } from '../postgres/index.js'
import type { Component } from '../process.js'
import { storeFacts } from './store.js'

/** What a service reads of the others' events. */
export interface Reading<Tx extends Sql> {
  database: Transactional<Tx>
  /** Events whose facts it copies. @default all that carry a fact */
  facts?: readonly EventType[]
  /** Further events, each taken in the transaction of its batch. */
  others?: Partial<Record<EventType, (tx: Tx, event: Event) => Promise<void>>>
  /** Events that are taken all at once, in the transaction of their batch. */
  together?: { types: readonly EventType[]; take: (tx: Tx, events: Event[]) => Promise<void> }
}

export interface LearnerParts {
  config: { topicPrefix: string; kafkaSessionTimeoutMs: number }
  kafka: Kafka
  /** For dead letters. */
  producer: EventProducer
  log: Log
  consumerMetrics?: ConsumerMetrics
}

/** A copy may be that much behind; in exchange events that come at the same time cost one transaction. */
const REST_MS = 80
const PARTITIONS_AT_ONCE = 64
const RUN_SIZE = 1_000

/** How a service takes others' events: checks what it reads, copies facts, each event once. */
export function readingOf<Tx extends Sql>({ database, facts = FACT_EVENTS, others = {}, together }: Reading<Tx>) {
  const isTogether = (type: string) => (together?.types as readonly string[] | undefined)?.includes(type) ?? false
  const isRead = (type: string) => (facts as readonly string[]).includes(type) || type in others || isTogether(type)
  return {
    /** @throws Undecodable, EventDataError: such a message goes to the dead-letter topic */
    decode(raw: RawMessage): Event {
      const event = decodeEvent(raw)
      return isRead(event.type) ? { ...event, data: decodeEventData(event.type as EventType, event.data) } : event
    },
    async take(events: Event[]): Promise<void> {
      const read = events.filter(({ type }) => isRead(type))
      if (read.length === 0) return
      await inTransaction(database, async (tx) => {
        const fresh = await consumeOnce(tx, read.map(idOf))
        // An event that stands twice in a batch is news once.
        const news = read.filter((event) => fresh.delete(idOf(event)))
        await storeFacts(tx, news.filter(({ type }) => (facts as readonly string[]).includes(type)).map(({ data }) => data as ChildFact))
        for (const event of news) await others[event.type as EventType]?.(tx, event)
        await together?.take(tx, news.filter(({ type }) => isTogether(type)))
      })
    },
  }
}

/** Ids are unique within their source. */
const idOf = ({ source, id }: Event): string => `${source}#${id}`

/** The consumer by which a service learns what the others say, as a component; its group is the service's name. */
export function learnerComponent<Tx extends Sql>(service: string, topics: readonly Topic[], parts: LearnerParts, reading: Reading<Tx>): Component {
  const { decode, take } = readingOf(reading)
  let running: RunningConsumer | undefined
  return {
    name: `${service}-consumer`,
    start: async () => {
      running = await startConsumer({
        kafka: parts.kafka, producer: parts.producer, log: parts.log, topics, decode,
        topicPrefix: parts.config.topicPrefix,
        group: service,
        handleBatch: combine(take, RUN_SIZE),
        restMs: REST_MS,
        partitionsAtOnce: PARTITIONS_AT_ONCE,
        sessionTimeoutMs: parts.config.kafkaSessionTimeoutMs,
        ...(parts.consumerMetrics && { metrics: parts.consumerMetrics }),
      })
    },
    stop: async () => running?.stop(),
  }
}
