import type { Kafka } from 'kafkajs'
import type { Event } from '../../../contracts/events/envelope.js'
import { decodeEventData } from '../../../contracts/events/schemas.js'
import { EVENTS, type EventTopic } from '../../../contracts/events/types.js'
import {
  combine, decodeDeadLetter, decodeEvent, startConsumer,
  type ConsumerMetrics, type DeadLetter, type EventProducer, type RawMessage, type RunningConsumer,
} from '../../../platform/kafka/index.js'
import type { Log } from '../../../platform/log.js'
import { inTransaction, type Sql, type Transactional } from '../../../platform/postgres/index.js'
import { recordDeadLetters } from '../store/dead-letters.js'
import { project } from './project.js'

export interface ConsumeDeps<Tx extends Sql> {
  database: Transactional<Tx>
  kafka: Kafka
  producer: EventProducer
  topicPrefix: string
  log: Log
  metrics?: ConsumerMetrics
  sessionTimeoutMs?: number
}

const BATCH_TIMEOUT_MS = 20_000
/** Screens may be that much behind; in exchange a quiet season's events are taken together. */
const REST_MS = 300
const PARTITIONS_AT_ONCE = 64
const RUN_SIZE = 1_000

/** @throws Undecodable, EventDataError: such a message goes to the dead-letter topic */
export function decodeChecked(message: RawMessage): Event {
  const event = decodeEvent(message)
  return { ...event, data: decodeEventData(event.type, event.data) }
}

/** Starts the projection of all topics and the collection of dead letters. */
export async function startConsumers<Tx extends Sql>(deps: ConsumeDeps<Tx>): Promise<RunningConsumer[]> {
  const { database, ...common } = deps
  const projection = startConsumer<Event>({
    ...common,
    group: 'console',
    topics: Object.keys(EVENTS) as EventTopic[],
    decode: decodeChecked,
    restMs: REST_MS,
    partitionsAtOnce: PARTITIONS_AT_ONCE,
    handleBatch: combine((events) => inTransaction(database, (tx) => project(tx, events), { timeoutMs: BATCH_TIMEOUT_MS }), RUN_SIZE),
  })
  const letters = startConsumer<DeadLetter>({
    ...common,
    group: 'console-dead-letters',
    topics: ['dead-letter'],
    decode: decodeDeadLetter,
    handleBatch: (batch) => inTransaction(database, (tx) => recordDeadLetters(tx, batch), { timeoutMs: BATCH_TIMEOUT_MS }),
  })
  return Promise.all([projection, letters])
}
