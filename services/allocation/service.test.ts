import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Event } from '../../contracts/events/envelope.js'
import { EVENT_SCHEMAS, isEventType } from '../../contracts/events/schemas.js'
import { migrate } from '../../infra/prisma/migrate.js'
import { waitUntil } from '../../infra/stack/wait.js'
import { systemClock } from '../../platform/clock.js'
import { parseConfig, processConfig } from '../../platform/config.js'
import { createKafka, createProducer, ensureTopics, startConsumer, type EventProducer, type RunningConsumer } from '../../platform/kafka/index.js'
import { createLog } from '../../platform/log.js'
import { createPool, databaseUrl } from '../../platform/postgres/index.js'
import { startComponents, type RunningProcess } from '../../platform/process.js'
import { loadPolicy } from '../../policies/load.js'
import { testStack, uniqueName } from '../../tests/support/stack.js'
import { childNo, factsAbout, publicSchool, zoneOf } from './allocation.fixture.js'
import { putCatalogue } from './api/catalogue.js'
import { allocationConfig, createAllocation } from './service.js'
import { openDatabase, type Database } from './store/database.js'
import { installSeason } from '../../platform/windows/index.js'

const log = createLog({ name: 'test', level: 'silent' })
const season = 'wired-2022'
let database: Database
let producer: EventProducer
let running: RunningProcess
let listener: RunningConsumer
let drop: () => Promise<void>
const heard: Event[] = []
const dead: Event[] = []

beforeAll(async () => {
  const { postgresUrl, kafkaBrokers } = await testStack()
  const topicPrefix = uniqueName()
  const config = parseConfig(processConfig(allocationConfig), {
    RUXUE_POSTGRES_URL: postgresUrl, RUXUE_DATABASE_PREFIX: `${uniqueName()}_`, RUXUE_KAFKA_BROKERS: kafkaBrokers, RUXUE_TOPIC_PREFIX: topicPrefix,
    RUXUE_ID_KEY: 'k'.repeat(32), RUXUE_TOKEN_KEYS: 'unused', RUXUE_WITNESSES: 'one=http://127.0.0.1:9,two=http://127.0.0.1:9',
  })
  const url = databaseUrl(config, 'allocation')
  await migrate('allocation', url)
  database = openDatabase(url, { applicationName: 'test', statementTimeoutMs: 0 })
  drop = async () => {
    const maintenance = createPool(postgresUrl, { applicationName: 'test', statementTimeoutMs: 0, max: 1 })
    await maintenance.query(`DROP DATABASE IF EXISTS "${config.databasePrefix}allocation" WITH (FORCE)`)
    await maintenance.end()
  }
  const kafka = createKafka({ brokers: kafkaBrokers.split(','), topicPrefix, clientId: 'test' }, log)
  await ensureTopics(kafka, { topicPrefix, partitions: 2 })
  producer = createProducer(kafka, topicPrefix)
  await producer.connect()
  const { timeline } = await loadPolicy('changchun-2022')
  await installSeason(database, season, timeline, [])
  running = await startComponents(createAllocation({ config, kafka, producer, clock: systemClock, log }).components, log)
  listener = await startConsumer({
    kafka, topicPrefix, group: 'listener', topics: ['allocation', 'dead-letter'], producer, log,
    decode: (raw) => ({ id: raw.headers?.ce_id?.toString(), type: raw.headers?.ce_type?.toString(), subject: raw.key?.toString(), data: JSON.parse(raw.value!.toString()) }) as Event,
    handleBatch: async (events, { topic }) => { (topic === 'dead-letter' ? dead : heard).push(...events) },
  })
})

afterAll(async () => {
  await listener.stop()
  await running.stop()
  await producer.disconnect()
  await database.$disconnect()
  await drop()
})

const tell = (topic: 'registration' | 'verification', name: string, data: object, n = 1, id = Math.random().toString()) =>
  producer.send([{ topic, event: { id, type: `cn.ruxue.${topic}.${name}.v1`, source: `/ruxue/${topic}`, subject: childNo(n), time: new Date().toISOString(), season, data } }])
const known = async () =>
  (await database.$queryRawUnsafe<{ aggregate: string; revision: number }[]>('SELECT aggregate, revision FROM platform.child_fact WHERE season = $1 ORDER BY aggregate', season))
    .map(({ aggregate, revision }) => `${aggregate} ${revision}`)

describe('the service among the others', () => {
  it('keeps the newest of what registration and verification say, in whatever order it comes', async () => {
    const about = factsAbout(season, 1)
    await tell('registration', 'registration-amended', about.registered({ revision: 3 }))
    await tell('registration', 'registration-filed', about.registered())
    await tell('registration', 'child-listed', about.roster())
    await tell('registration', 'phase-closed', { phase: 'register' })
    await tell('verification', 'case-reviewed', about.reviewed('approved'))
    await waitUntil('the facts', async () => expect(await known()).toHaveLength(3))
    await tell('registration', 'child-withdrawn', about.withdrawn())
    await waitUntil('the withdrawal', async () => expect(await known()).toHaveLength(4))
    expect(await known()).toEqual(['case 1', 'registration 3', 'roster 1', 'withdrawal 1'])
  })

  it('puts a poison event aside with its cause and goes on', async () => {
    await tell('registration', 'registration-filed', { season, child: 'nobody' }, 2)
    await tell('registration', 'child-listed', factsAbout(season, 2).roster(), 2)
    await waitUntil('the dead letter', async () => expect(dead).toHaveLength(1))
    await waitUntil('the fact behind it', async () => expect(await known()).toHaveLength(5))
  })

  it('tells Kafka what its transactions left in the outbox, each as the contract says', async () => {
    const put = putCatalogue({ database, ceremony: {} as never, bulkTimeoutMs: 5_000 }).implementation
    const body = { districts: [{ id: 'nanguan', name: 'Nanguan' }], schools: [publicSchool('north', 1)], zones: [zoneOf('z', 'north')], places: [] }
    await put.handle({ params: { season }, body, receivedAt: Date.now(), signal: new AbortController().signal, remainingMs: () => 5_000 } as never)
    await waitUntil('three events', async () => expect(heard).toHaveLength(3))
    expect(heard.map(({ subject }) => subject).sort()).toEqual(['north', season, 'z'])
    for (const { type, data } of heard) expect(isEventType(type) && EVENT_SCHEMAS[type].safeParse(data).success).toBe(true)
  })
})
