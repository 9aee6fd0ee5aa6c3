import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Kafka } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EnrollmentEvent } from '../../contracts/enrollment.js'
import { eventSource, type Event } from '../../contracts/events/envelope.js'
import { decodeEventData } from '../../contracts/events/schemas.js'
import { createKafka, createProducer, ensureTopics, type EventProducer } from '../../platform/kafka/index.js'
import { createLog } from '../../platform/log.js'
import { waitUntil } from '../../infra/stack/wait.js'
import { testStack, uniqueName } from '../support/stack.js'

const root = join(import.meta.dirname, '../..')
const log = createLog({ name: 'test', level: 'silent' })
const child = `c${'d'.repeat(25)}`
const topicPrefix = uniqueName()

let kafka: Kafka
let producer: EventProducer
let brokers: string
const running: ChildProcess[] = []

beforeAll(async () => {
  brokers = (await testStack()).kafkaBrokers
  kafka = createKafka({ brokers: brokers.split(','), topicPrefix, clientId: 'test' }, log)
  await ensureTopics(kafka, { topicPrefix, partitions: 2 })
  producer = createProducer(kafka, topicPrefix)
  await producer.connect()
})
afterAll(async () => {
  await Promise.all(running.map(stop))
  await producer?.disconnect()
})

function told(sequence: number, fields: Pick<EnrollmentEvent, 'status'> & Partial<EnrollmentEvent>): Event {
  const type = fields.end ? 'cn.ruxue.enrollment.ended.v1' : 'cn.ruxue.enrollment.status-changed.v1'
  const data = decodeEventData(type, { season: 'sample-2022', child, sequence, ...fields })
  return { id: `e${sequence}`, type, source: eventSource('enrollment'), subject: child, time: new Date().toISOString(), season: 'sample-2022', data }
}

const tell = (...events: Event[]) => producer.send(events.map((event) => ({ topic: 'enrollment', event })))

/** Starts the example as an integrator would, and collects the lines it prints. */
function startExample(group: string): string[] {
  const lines: string[] = []
  const process_ = spawn(process.execPath, [join(root, 'docs/examples/consumer.mjs')], {
    cwd: root,
    env: { PATH: process.env.PATH, KAFKA_BROKERS: brokers, TOPIC_PREFIX: topicPrefix, GROUP: group },
  })
  process_.stdout.on('data', (chunk: Buffer) => lines.push(...chunk.toString().split('\n').filter(Boolean)))
  running.push(process_)
  return lines
}

async function stop(process_: ChildProcess): Promise<void> {
  if (process_.exitCode !== null || process_.signalCode !== null) return
  const ended = once(process_, 'exit')
  process_.kill('SIGTERM')
  await ended
}

describe('the consumer example of docs/events.md', () => {
  it('reads a season from the beginning, each change once and none that is older', async () => {
    await tell(told(1, { status: 'registered' }), told(2, { status: 'placed' }), told(2, { status: 'placed' }), told(1, { status: 'registered' }))
    const lines = startExample(uniqueName('registry-'))
    await waitUntil('the first lines', async () => expect(lines).toContain(`${child} placed`))
    await tell(told(2, { status: 'placed' }), told(3, { status: 'enrolled', end: { kind: 'enrolled', route: 'catchment', round: 'zoning', school: 'no-1' } }))
    await waitUntil('the end', async () => expect(lines).toContain(`${child} enrolled at no-1`))
    expect(lines).toEqual([`${child} registered`, `${child} placed`, `${child} enrolled at no-1`])
  })

  it('goes on where its group stopped', async () => {
    const group = uniqueName('registry-')
    const first = startExample(group)
    await waitUntil('the history', async () => expect(first).toContain(`${child} enrolled at no-1`))
    await stop(running.at(-1)!)
    const second = startExample(group)
    await tell(told(4, { status: 'ended', end: { kind: 'withdrawn', reason: 'moved-away' } }))
    await waitUntil('what is new', async () => expect(second).toEqual([`${child} ended`]))
  })
})
