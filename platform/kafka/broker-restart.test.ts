import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Event } from '../../contracts/events/envelope.js'
import { startStack, type Stack } from '../../infra/stack/stack.js'
import { testStack } from '../../tests/support/stack.js'
import { createLog } from '../log.js'
import { enqueue } from '../outbox/enqueue.js'
import { startRelay } from '../outbox/relay.js'
import { inPoolTransaction } from '../postgres/transaction.js'
import { createTestDatabase, type TestDatabase } from '../testing/database.js'
import { until } from '../testing/until.js'
import { createKafka, ensureTopics } from './client.js'
import { startConsumer } from './consumer.js'
import { createProducer } from './producer.js'

const log = createLog({ name: 'test', level: 'silent' })
const topicPrefix = 'restart'

let stateDir: string
let ours: Stack
let database: TestDatabase

beforeAll(async () => {
  const shared = await testStack()
  stateDir = await mkdtemp(join(tmpdir(), 'ruxue-broker-'))
  // A broker of our own, so that killing it disturbs no other test; the other servers are the shared ones.
  ours = await startStack({
    stateDir,
    env: { ...process.env, RUXUE_KAFKA_BROKERS: undefined, RUXUE_POSTGRES_URL: shared.postgresUrl, RUXUE_TEMPORAL_ADDRESS: shared.temporalAddress },
  })
  database = await createTestDatabase(shared.postgresUrl)
})
afterAll(async () => {
  await database.drop()
  await ours.stop()
  await rm(stateDir, { recursive: true, force: true })
})

const event = (id: string): Event => ({
  id, type: 'cn.ruxue.registration.child-listed.v1', source: '/ruxue/registration', subject: `child-${id}`,
  time: '2022-05-12T01:00:00.000Z', season: 's', data: {},
})
const put = (...ids: string[]) => inPoolTransaction(database.pool, (sql) => enqueue(sql, 'registration', ids.map(event)))

it('every event reaches its consumer though the broker is killed and restarted in between', async () => {
  const kafka = createKafka({ brokers: ours.kafkaBrokers.split(','), topicPrefix, clientId: 'test' }, log)
  await ensureTopics(kafka, { topicPrefix, partitions: 3, topics: ['registration', 'dead-letter'] })
  const producer = createProducer(kafka, topicPrefix)
  await producer.connect()
  const relay = startRelay({ pool: database.pool, producer, log })
  const seen = new Set<string>()
  const consumer = await startConsumer({
    kafka, topicPrefix, group: 'readers', topics: ['registration'], producer, log, sessionTimeoutMs: 3_000,
    handleBatch: async (events) => { for (const { id } of events) seen.add(id) },
  })
  await put('before-1', 'before-2')
  await until(() => seen.size, (n) => n === 2)
  await ours.server('kafka').kill()
  await put('meanwhile')
  await ours.server('kafka').restart()
  await put('after')
  expect((await until(() => [...seen], (ids) => ids.length === 4, 50_000)).sort()).toEqual(['after', 'before-1', 'before-2', 'meanwhile'])
  await consumer.stop()
  await relay.stop()
  await producer.disconnect()
}, 120_000)
