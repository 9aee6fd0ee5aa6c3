import type { Kafka } from 'kafkajs'
import { Counter, Gauge, type Registry } from 'prom-client'
import { withAdmin } from './client.js'

export interface ConsumerMetrics {
  lag: Gauge<'group' | 'topic' | 'partition'>
  deadLetters: Counter<'group' | 'topic'>
}

export const consumerMetrics = (registry: Registry): ConsumerMetrics => ({
  lag: new Gauge({
    name: 'ruxue_consumer_lag',
    help: 'Events of a partition that a group has not taken yet, as of its last batch',
    labelNames: ['group', 'topic', 'partition'],
    registers: [registry],
  }),
  deadLetters: new Counter({
    name: 'ruxue_dead_letters_total',
    help: 'Messages put aside in the dead-letter topic',
    labelNames: ['group', 'topic'],
    registers: [registry],
  }),
})

/** How many events of these topics (the broker's names) a group has not taken yet, as the broker knows. */
export async function groupLag(kafka: Kafka, group: string, topics: readonly string[]): Promise<number> {
  return withAdmin(kafka, async (admin) => {
    const committed = await admin.fetchOffsets({ groupId: group, topics: [...topics] })
    let lag = 0
    for (const { topic, partitions } of committed) {
      const done = new Map(partitions.map(({ partition, offset }) => [partition, Number(offset)]))
      for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) {
        const from = done.get(partition) ?? -1
        lag += Number(high) - (from < 0 ? Number(low) : from)
      }
    }
    return lag
  })
}
