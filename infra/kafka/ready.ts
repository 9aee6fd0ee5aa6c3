import { randomUUID } from 'node:crypto'

import { Kafka, logLevel } from 'kafkajs'

const PROBE = 'ruxue-readiness'

/**
 * Tries whether a broker can do what we need of it: hold a topic and let a group join.
 * Right after its start a broker accepts connections while its group coordinator is still loading.
 */
export async function kafkaServes(brokers: string): Promise<void> {
  const kafka = new Kafka({
    clientId: PROBE,
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    retry: { retries: 0 },
  })
  const admin = kafka.admin()
  try {
    await admin.connect()
    const topics = await admin.listTopics()
    if (!topics.includes(PROBE)) await admin.createTopics({ topics: [{ topic: PROBE, numPartitions: 1 }], waitForLeaders: true })
    await joinGroup(kafka)
  } finally {
    await admin.disconnect()
  }
}

async function joinGroup(kafka: Kafka): Promise<void> {
  // A group of its own: in a shared one a probe would wait for the member of a failed probe to time out.
  const groupId = `${PROBE}-${randomUUID()}`
  const consumer = kafka.consumer({ groupId, sessionTimeout: 6_000, maxWaitTimeInMs: 50, retry: { retries: 0 } })
  const joined = new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.GROUP_JOIN, () => resolve())
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
  })
  try {
    await consumer.connect()
    await consumer.subscribe({ topic: PROBE })
    await Promise.all([joined, consumer.run({ eachMessage: () => Promise.resolve() })])
  } finally {
    await consumer.disconnect()
  }
}
