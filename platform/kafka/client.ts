import { setTimeout as delay } from 'node:timers/promises'
import { Kafka, logLevel, type Admin, type KafkaConfig } from 'kafkajs'
import { TOPICS, type Topic } from '../../contracts/events/envelope.js'
import type { Log } from '../log.js'
import { topicName } from './events.js'

export interface KafkaSettings {
  brokers: string[]
  topicPrefix: string
  clientId: string
  /** How soon the broker gives a silent consumer's partitions away. @default 30_000 */
  sessionTimeoutMs?: number
}

/** Lower than kafkajs has them: its errors are mostly connections that come back; what matters is said by us. */
const LEVELS = {
  [logLevel.ERROR]: 'info',
  [logLevel.WARN]: 'debug',
  [logLevel.INFO]: 'debug',
  [logLevel.DEBUG]: 'trace',
  [logLevel.NOTHING]: 'trace',
} as const

/** A kafkajs client; its log goes to ours. */
export function createKafka(settings: KafkaSettings, log: Log, more: Partial<KafkaConfig> = {}): Kafka {
  return new Kafka({
    clientId: settings.clientId,
    brokers: settings.brokers,
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    // Few and short: the outbox relay and the supervised consumers try again themselves, and retries multiply.
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 3 },
    logCreator: () => ({ namespace, level, log: entry }) => {
      const { message, timestamp: _timestamp, logger: _logger, ...fields } = entry
      log[LEVELS[level]]({ ...fields, kafka: namespace }, message)
    },
    ...more,
  })
}

/** Keeps events for ever: a season can be read again, and they hold no personal data. */
const RETENTION = [{ name: 'retention.ms', value: '-1' }]

/** Creates the topics that are not there yet; the partitions of an existing one are never changed. */
export async function ensureTopics(
  kafka: Kafka,
  options: { topicPrefix: string; partitions: number; replicationFactor?: number; topics?: readonly Topic[] },
): Promise<string[]> {
  const wanted = (options.topics ?? TOPICS).map((topic) => topicName(options.topicPrefix, topic))
  return withAdmin(kafka, async (admin) => {
    const there = new Set(await admin.listTopics())
    const missing = wanted.filter((topic) => !there.has(topic))
    if (missing.length > 0) {
      await admin.createTopics({
        waitForLeaders: false,
        topics: missing.map((topic) => ({
          topic,
          numPartitions: options.partitions,
          replicationFactor: options.replicationFactor ?? 1,
          configEntries: RETENTION,
        })),
      })
      await untilLed(admin, missing)
    }
    return missing
  })
}

const LEADERS_MS = 30_000
const LOOK_AGAIN_MS = 100

/** A broker that is busy does not know a topic yet that it has just created; kafkajs's own wait takes that for final. */
async function untilLed(admin: Admin, topics: string[]): Promise<void> {
  const givenUpAt = Date.now() + LEADERS_MS
  for (;;) {
    try {
      const described = await admin.fetchTopicMetadata({ topics })
      if (described.topics.every(({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0))) return
    } catch (error) {
      if (!(error as { retriable?: boolean }).retriable || Date.now() > givenUpAt) throw error
    }
    if (Date.now() > givenUpAt) throw new Error(`no leaders for ${topics.join(', ')} within ${LEADERS_MS} ms`)
    await delay(LOOK_AGAIN_MS)
  }
}

export async function withAdmin<R>(kafka: Kafka, run: (admin: Admin) => Promise<R>): Promise<R> {
  const admin = kafka.admin({ retry: { retries: 8 } })
  await admin.connect()
  try {
    return await run(admin)
  } finally {
    await admin.disconnect()
  }
}
