import { Partitioners, type Kafka, type Message } from 'kafkajs'
import type { Event, Topic } from '../../contracts/events/envelope.js'
import { encodeEvent, topicName } from './events.js'
import { untilReached } from './reach.js'

export interface EventProducer {
  /** Waits for the broker, a minute at most. */
  connect(): Promise<void>
  /** Settles when every replica in sync has acknowledged all of them. Keeps the order of each key. */
  send(messages: readonly { topic: Topic; event: Event; traceparent?: string }[]): Promise<void>
  /** A message as it is, for the dead-letter topic and for replays. `topic` is the broker's name. */
  sendRaw(topic: string, messages: Message[]): Promise<void>
  disconnect(): Promise<void>
}

/**
 * A producer with acks from all replicas and one request in flight. Not idempotent: kafkajs's producer sequence
 * breaks after broker restarts, and consumers deduplicate by `ce_id`. Keys go to partitions by murmur2, as
 * every Kafka client's default does.
 */
export function createProducer(kafka: Kafka, topicPrefix: string): EventProducer {
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
    idempotent: false,
    maxInFlightRequests: 1,
  })
  return {
    connect: () => untilReached(() => producer.connect()),
    disconnect: () => producer.disconnect(),
    async send(messages) {
      const byTopic = new Map<Topic, Message[]>()
      for (const { topic, event, traceparent } of messages) {
        const batch = byTopic.get(topic) ?? []
        batch.push(encodeEvent(event, traceparent))
        byTopic.set(topic, batch)
      }
      const topicMessages = [...byTopic].map(([topic, batch]) => ({ topic: topicName(topicPrefix, topic), messages: batch }))
      if (topicMessages.length > 0) await producer.sendBatch({ acks: -1, topicMessages })
    },
    async sendRaw(topic, messages) {
      await producer.send({ topic, acks: -1, messages })
    },
  }
}
