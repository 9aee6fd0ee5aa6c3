import type { Event, Topic } from '../contracts/events/envelope.js'
import type { EventProducer } from '../platform/kafka/producer.js'

export interface Publisher {
  /** Settles once Kafka has acknowledged the event. */
  publish(topic: Topic, event: Event): Promise<void>
}

/**
 * Sends what was handed in while the last request was under way as one request: many workflows announce at the
 * same instant, and the producer has one request in flight.
 */
export function createPublisher(producer: Pick<EventProducer, 'send'>): Publisher {
  let waiting: Waiting[] = []
  let sending = false
  const send = async () => {
    sending = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        await producer.send(batch.map(({ topic, event }) => ({ topic, event })))
        for (const { resolve } of batch) resolve()
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    sending = false
  }
  return {
    publish: (topic, event) => new Promise((resolve, reject) => {
      waiting.push({ topic, event, resolve, reject })
      if (!sending) void send()
    }),
  }
}

interface Waiting {
  topic: Topic
  event: Event
  resolve(): void
  reject(error: unknown): void
}
