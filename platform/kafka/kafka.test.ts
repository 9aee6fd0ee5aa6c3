import type { Kafka } from 'kafkajs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Event } from '../../contracts/events/envelope.js'
import { testStack, uniqueName } from '../../tests/support/stack.js'
import { Unreachable } from '../http/client.js'
import { createLog } from '../log.js'
import { cuttableSockets } from '../testing/cuttable.js'
import { childId } from '../testing/timeline.js'
import { until } from '../testing/until.js'
import { createKafka, ensureTopics, withAdmin } from './client.js'
import { startConsumer, type ConsumerOptions, type RunningConsumer } from './consumer.js'
import { decodeDeadLetter, replayDeadLetter, type DeadLetter } from './dead-letter.js'
import { decodeEvent, topicName } from './events.js'
import { groupLag } from './lag.js'
import { createProducer, type EventProducer } from './producer.js'

const log = createLog({ name: 'test', level: 'silent' })
/** Long enough for a busy machine; where a member is to be missed soon, it is told so. */
const SESSION_MS = 15_000
const SHORT_SESSION_MS = 3_000
const PARTITIONS = 3

let brokers: string[]
let kafka: Kafka
let producer: EventProducer
let topicPrefix: string
let running: RunningConsumer[]

beforeAll(async () => {
  brokers = (await testStack()).kafkaBrokers.split(',')
})
beforeEach(async () => {
  topicPrefix = uniqueName('k')
  kafka = createKafka({ brokers, topicPrefix, clientId: 'test' }, log)
  await ensureTopics(kafka, { topicPrefix, partitions: PARTITIONS, topics: ['registration', 'allocation', 'dead-letter'] })
  producer = createProducer(kafka, topicPrefix)
  await producer.connect()
  running = []
})
afterEach(async () => {
  await Promise.all(running.map((consumer) => consumer.stop()))
  await producer.disconnect()
})
afterAll(async () => {
  const cleaner = createKafka({ brokers, topicPrefix: '', clientId: 'cleaner' }, log)
  await withAdmin(cleaner, async (admin) => {
    const ours = (await admin.listTopics()).filter((topic) => /^k[0-9a-f]{10}\./.test(topic))
    await admin.deleteTopics({ topics: ours })
  })
})

async function consume<T = Event>(options: Pick<ConsumerOptions<T>, 'handleBatch'> & Partial<ConsumerOptions<T>>): Promise<RunningConsumer> {
  const consumer = await startConsumer<T>({
    kafka, topicPrefix, group: 'readers', topics: ['registration'], producer, log, sessionTimeoutMs: SESSION_MS, ...options,
  })
  running.push(consumer)
  return consumer
}

const event = (id: string, subject = childId()): Event => ({
  id, type: 'cn.ruxue.registration.child-listed.v1', source: '/ruxue/registration', subject,
  time: '2022-05-12T01:00:00.000Z', season: 'changchun-2022', data: { id },
})
const send = (...events: Event[]) => producer.send(events.map((each) => ({ topic: 'registration' as const, event: each })))

describe('events', () => {
  it('travel as CloudEvents in binary mode and come out as they went in', async () => {
    const seen: Event[] = []
    const raw: string[] = []
    await consume({
      decode: (message) => {
        raw.push(...Object.keys(message.headers ?? {}))
        return decodeEvent(message)
      },
      handleBatch: async (events) => { seen.push(...events) },
    })
    const sent = event('e1')
    await send(sent)
    await until(() => seen.length, (n) => n === 1)
    expect(seen).toEqual([sent])
    expect(raw).toEqual(expect.arrayContaining(['ce_id', 'ce_type', 'ce_source', 'ce_specversion', 'ce_time', 'ce_subject', 'content-type']))
  })

  it('of one child keep their order, and children are spread over partitions', async () => {
    const children = Array.from({ length: 20 }, childId)
    // First deliveries: a batch may come again.
    const seen = new Map<string, Set<string>>()
    const partitions = new Set<number>()
    await consume({
      maxBatch: 7,
      handleBatch: async (events, { partition }) => {
        partitions.add(partition)
        for (const { subject, id } of events) seen.set(subject, (seen.get(subject) ?? new Set()).add(id))
      },
    })
    for (let turn = 0; turn < 10; turn += 1) await send(...children.map((child) => event(`${child}/${turn}`, child)))
    await until(() => [...seen.values()].reduce((sum, { size }) => sum + size, 0), (n) => n === 200)
    for (const child of children) expect([...seen.get(child)!]).toEqual(Array.from({ length: 10 }, (_, turn) => `${child}/${turn}`))
    expect(partitions.size).toBe(PARTITIONS)
  })

  it('taken once are not taken again by the next consumer of the group, and the lag says what is left', async () => {
    const seen: string[] = []
    const handleBatch = async (events: Event[]) => { seen.push(...events.map(({ id }) => id)) }
    const first = await consume({ handleBatch })
    await send(event('a'))
    await until(() => seen.length, (n) => n === 1)
    await first.stop()
    await send(event('b'), event('c'))
    const topics = [topicName(topicPrefix, 'registration')]
    expect(await groupLag(kafka, first.group, topics)).toBe(2)
    await consume({ handleBatch })
    await until(() => seen.length, (n) => n >= 3)
    expect([...seen].sort()).toEqual(['a', 'b', 'c'])
    await until(() => groupLag(kafka, first.group, topics), (lag) => lag === 0)
  })

  it('wait while the consumer is paused', async () => {
    const seen: string[] = []
    const consumer = await consume({ handleBatch: async (events) => { seen.push(...events.map(({ id }) => id)) } })
    await send(event('before'))
    await until(() => seen.length, (n) => n === 1)
    consumer.pause()
    await send(event('after'))
    const topics = [topicName(topicPrefix, 'registration')]
    await until(() => groupLag(kafka, consumer.group, topics), (lag) => lag === 1)
    expect(seen).toEqual(['before'])
    consumer.resume()
    await until(() => seen.length, (n) => n === 2)
  })
})

describe('a failing batch', () => {
  it('is tried again, whole and in order, as long as the failure will pass', async () => {
    const tries: string[][] = []
    await send(event('1', 'child'), event('2', 'child'))
    await consume({
      handleBatch: async (events) => {
        tries.push(events.map(({ id }) => id))
        if (tries.length < 3) throw new Unreachable('the other service restarts')
      },
    })
    await until(() => tries.length, (n) => n === 3)
    expect(tries).toEqual([['1', '2'], ['1', '2'], ['1', '2']])
  })

  it('loses only its poison: the others are taken one by one, and the poison is put aside with its cause', async () => {
    const taken: string[] = []
    const letters = await collectDeadLetters()
    const poison = event('2', 'child')
    await send(event('1', 'child'), poison, event('3', 'child'))
    await consume({
      handleBatch: async (events) => {
        if (events.some(({ id }) => id === '2')) throw new TypeError('seats is not iterable')
        taken.push(...events.map(({ id }) => id))
      },
    })
    await until(() => letters.length, (n) => n === 1)
    await until(() => taken.length, (n) => n === 2)
    expect(taken).toEqual(['1', '3'])
    expect(letters[0]).toMatchObject({
      cause: 'TypeError: seats is not iterable',
      topic: topicName(topicPrefix, 'registration'),
      group: `${topicPrefix}.readers`,
      key: 'child',
      headers: { ce_id: '2' },
      value: JSON.stringify(poison.data),
    })
  })

  it('put aside can be replayed once its cause is mended', async () => {
    let mended = false
    const taken: string[] = []
    const letters = await collectDeadLetters()
    await consume({
      handleBatch: async (events) => {
        if (!mended && events.some(({ id }) => id === 'poison')) throw new Error('a bug')
        taken.push(...events.map(({ id }) => id))
      },
    })
    const sent = event('poison')
    await send(sent, event('fine'))
    await until(() => letters.length, (n) => n === 1)
    mended = true
    await replayDeadLetter(producer, letters[0] as DeadLetter)
    await until(() => taken, (ids) => ids.includes('poison'))
    expect([...taken].sort()).toEqual(['fine', 'poison'])
  })

  it.each([
    ['is not a CloudEvent', { value: '{}', headers: { ce_id: 'x' } }, 'ce_type'],
    ['has no data', { value: null, headers: headersOf() }, 'no data'],
    ['is not JSON', { value: '{"a":', headers: headersOf() }, 'not JSON'],
  ])('with a message that %s puts that one aside at once', async (_what, message, cause) => {
    const taken: string[] = []
    const letters = await collectDeadLetters()
    await producer.sendRaw(topicName(topicPrefix, 'registration'), [{ key: 'child', ...message }])
    await send(event('good', 'child'))
    await consume({ handleBatch: async (events) => { taken.push(...events.map(({ id }) => id)) } })
    await until(() => taken, (ids) => ids.includes('good'))
    await until(() => letters.length, (n) => n === 1)
    expect(letters[0]?.cause).toContain(cause)
  })
})

describe('a consumer', () => {
  it.each([undefined, 'silently'] as const)('whose broker goes away (%s) and comes back goes on where it stopped', async (silently) => {
    const sockets = cuttableSockets()
    const shaky = createKafka({ brokers, topicPrefix, clientId: 'shaky' }, log, { socketFactory: sockets.factory })
    const seen = new Set<string>()
    await consume({ kafka: shaky, sessionTimeoutMs: SHORT_SESSION_MS, handleBatch: async (events) => { for (const { id } of events) seen.add(id) } })
    await send(event('before'))
    await until(() => seen.has('before'), Boolean)
    sockets.cut(silently)
    await send(event('meanwhile'))
    await until(() => sockets.refused(), (refused) => refused > 3)
    expect(seen.has('meanwhile')).toBe(false)
    sockets.mend()
    await send(event('after'))
    expect((await until(() => [...seen], (ids) => ids.length === 3, 40_000)).sort()).toEqual(['after', 'before', 'meanwhile'])
  })

  it('takes over the partitions of another that died without leaving', async () => {
    const sockets = cuttableSockets()
    const dying = createKafka({ brokers, topicPrefix, clientId: 'dying' }, log, { socketFactory: sockets.factory })
    const seen = new Set<string>()
    const handleBatch = async (events: Event[]) => { for (const { id } of events) seen.add(id) }
    const first = await consume({ kafka: dying, sessionTimeoutMs: SHORT_SESSION_MS, handleBatch })
    await send(event('one'))
    await until(() => seen.size, (n) => n === 1)
    sockets.cut()
    await consume({ sessionTimeoutMs: SHORT_SESSION_MS, handleBatch })
    await send(...Array.from({ length: 9 }, (_, n) => event(`more-${n}`)))
    expect(await until(() => seen.size, (n) => n >= 10, 40_000)).toBe(10)
    await first.stop()
  })
})

describe('topics', () => {
  it('are created once, with the partitions asked for', async () => {
    const created = await ensureTopics(kafka, { topicPrefix, partitions: 1 })
    expect(created.sort()).toEqual(['enrollment', 'notification', 'season', 'verification'].map((topic) => `${topicPrefix}.${topic}`))
    const { topics } = await withAdmin(kafka, (admin) => admin.fetchTopicMetadata({ topics: [topicName(topicPrefix, 'registration')] }))
    expect(topics[0]?.partitions).toHaveLength(PARTITIONS)
  })
})

async function collectDeadLetters(): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = []
  await consume<DeadLetter>({
    group: 'desk',
    topics: ['dead-letter'],
    decode: decodeDeadLetter,
    handleBatch: async (batch) => { letters.push(...batch) },
  })
  return letters
}

function headersOf(): Record<string, string> {
  const { id, type, source, subject, time, season } = event('broken')
  return { ce_id: id, ce_type: type, ce_source: source, ce_subject: subject, ce_time: time, ce_season: season }
}
