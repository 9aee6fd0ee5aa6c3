import type { Kafka } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventSource, type Event } from '../../contracts/events/envelope.js'
import { makePerson } from '../../cli/rehearsal/people.js'
import { createKafka, decodeEvent, ensureTopics, topicName } from '../../platform/kafka/index.js'
import { createLog } from '../../platform/log.js'
import { startComponents, type RunningProcess } from '../../platform/process.js'
import { CITY, SEASON, home, importCsv, ordinaryAnswers, rosterOf, rowOf, startRegistration, type Registration } from './registration.fixture.js'

const family = makePerson(11, 0)
const WAIT = { timeout: 45_000, interval: 100 }
let registration: Registration
let running: RunningProcess
let kafka: Kafka
const published: Event[] = []

beforeAll(async () => {
  registration = await startRegistration()
  const { config, service, producer } = registration
  const log = createLog({ name: 'test', level: 'silent' })
  kafka = createKafka({ brokers: config.kafkaBrokers, topicPrefix: config.topicPrefix, clientId: 'test' }, log)
  await ensureTopics(kafka, { topicPrefix: config.topicPrefix, partitions: 2 })
  await producer.connect()
  running = await startComponents(service.components.slice(1), log)
  const reader = kafka.consumer({ groupId: `${config.topicPrefix}.reader` })
  await reader.connect()
  await reader.subscribe({ topic: topicName(config.topicPrefix, 'registration'), fromBeginning: true })
  await reader.run({ eachMessage: async ({ message }) => void published.push(decodeEvent(message)) })
  afterAll(async () => {
    await reader.disconnect()
    await running.stop()
    await producer.disconnect()
    const admin = kafka.admin()
    await admin.connect()
    await admin.deleteTopics({ topics: (await admin.listTopics()).filter((topic) => topic.startsWith(`${config.topicPrefix}.`)) })
    await admin.disconnect()
  })
})

const fromAllocation = (id: string, name: string, data: object): Event => ({
  id, type: `cn.ruxue.allocation.${name}.v1`, source: eventSource('allocation'), subject: id, time: new Date().toISOString(), season: SEASON, data: { season: SEASON, ...data },
})
const rows = async (sql: string) => (await registration.sql.query<Record<string, unknown>>(sql)).rows

describe('registration on Kafka', () => {
  it('publishes each child of a roster and each form, keyed by child, and empties its outbox', async () => {
    await importCsv(registration.as(CITY), 'roster', rosterOf(rowOf(family)))
    const child = registration.childOf(family)
    await registration.guardianOf(family).fileForm({ params: { season: SEASON, phase: 'register', child }, body: { answers: ordinaryAnswers } })
    await expect.poll(() => published.map(({ type, subject }) => [type, subject]), WAIT).toEqual([
      ['cn.ruxue.registration.child-listed.v1', child],
      ['cn.ruxue.registration.registration-filed.v1', child],
    ])
    await expect.poll(() => rows('SELECT 1 FROM platform.outbox'), WAIT).toEqual([])
    expect(JSON.stringify(published)).not.toMatch(new RegExp([family.name, family.idNumber, home.street].join('|')))
  })

  it('takes schools, zones, places and facts of others, each event once, and puts aside what it cannot read', async () => {
    const child = registration.childOf(family)
    const zone = { id: 'd3-z1', district: 'd3', schools: ['d3-first'], addresses: [{ district: 'd3', street: ' 西 街 ' }] }
    const mapped = { id: 'old-town', addresses: [{ district: 'd3', street: '老 街' }] }
    const school = { id: 'd3-first', name: '第一学校', district: 'd3', facts: { type: 'public' }, plan: 3 }
    const place = { child, aggregate: 'place', id: 'place', revision: 2, seats: { held: [{ basis: 'zoning', school: 'd3-first' }] } }
    const drawn = fromAllocation('zone', 'zone-drawn', zone)
    const events = [
      fromAllocation('school', 'school-offered', school), fromAllocation('mapped', 'place-mapped', mapped), drawn, { ...drawn, data: { season: SEASON, ...zone, schools: ['other'] } },
      fromAllocation('bad', 'place-decided', { child: 'no child' }), fromAllocation('place', 'place-decided', place),
      fromAllocation('older', 'place-decided', { ...place, revision: 1, seats: { held: [] } }), fromAllocation('unread', 'round-frozen', {}),
    ]
    await registration.producer.send(events.map((event) => ({ topic: 'allocation' as const, event: { ...event, subject: 'one-key' } })))
    await expect.poll(() => rows(`SELECT ce_id FROM platform.consumed_event WHERE ce_id LIKE '%older'`), WAIT).toHaveLength(1)
    expect(await rows(`SELECT schools, streets FROM zone WHERE id = 'd3-z1'`)).toEqual([{ schools: ['d3-first'], streets: ['西街'] }])
    expect(await rows(`SELECT streets FROM named_place WHERE id = 'old-town'`)).toEqual([{ streets: ['老街'] }])
    expect(await rows(`SELECT id FROM district WHERE id = 'd3'`)).toHaveLength(1)
    expect(await rows(`SELECT id FROM school WHERE id = 'd3-first'`)).toHaveLength(1)
    expect(await rows(`SELECT revision, body->'seats'->'held'->0->>'school' AS school FROM platform.child_fact WHERE aggregate = 'place'`)).toEqual([{ revision: 2, school: 'd3-first' }])
    const admin = kafka.admin()
    await admin.connect()
    const deadLetters = await admin.fetchTopicOffsets(topicName(registration.config.topicPrefix, 'dead-letter'))
    await admin.disconnect()
    expect(deadLetters.reduce((sum, { high }) => sum + Number(high), 0)).toBe(1)
  })
})
