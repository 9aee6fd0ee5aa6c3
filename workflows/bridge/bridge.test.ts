import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Registry } from 'prom-client'
import type { Consumer } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '../../infra/stack/wait.js'
import { TOPICS, eventSource, type Event, type Topic } from '../../contracts/events/envelope.js'
import { eventType } from '../../contracts/events/types.js'
import type { ChildFact } from '../../contracts/facts.js'
import { SIGNALS, enrollmentWorkflowId } from '../../contracts/workflows.js'
import { createKafka, createProducer, decodeDeadLetter, ensureTopics, topicName, type DeadLetter, type EventProducer } from '../../platform/kafka/index.js'
import { createLog } from '../../platform/log.js'
import { startComponents, type RunningProcess } from '../../platform/process.js'
import { createWorkflowClient, type TemporalClient } from '../../platform/temporal/index.js'
import { loadPolicy } from '../../policies/load.js'
import { freshNamespace, testStack, uniqueName } from '../../tests/support/stack.js'
import { ScriptedChild } from '../enrollment/scripted-child.fixture.js'
import { bridgeConfig, createBridge, type BridgeParts } from './bridge.js'
import { z } from 'zod'

const season = 'changchun-2022'
const closedSeason = 'changchun-2021'
const log = createLog({ name: 'bridge-test', level: 'silent' })
const registry = new Registry()

let registration: Server
let temporal: TemporalClient
let producer: EventProducer
let deadLetters: Consumer
let parts: BridgeParts
let running: RunningProcess
const letters: DeadLetter[] = []

beforeAll(async () => {
  const stack = await testStack()
  const namespace = await freshNamespace()
  const topicPrefix = uniqueName('b')
  const kafka = createKafka({ brokers: [stack.kafkaBrokers], topicPrefix, clientId: topicPrefix }, log)
  await ensureTopics(kafka, { topicPrefix, partitions: 2, topics: TOPICS })
  producer = createProducer(kafka, topicPrefix)
  await producer.connect()
  temporal = await createWorkflowClient({ temporalAddress: stack.temporalAddress, temporalNamespace: namespace })
  registration = await seasonsServer()
  const registrationUrl = `http://127.0.0.1:${(registration.address() as AddressInfo).port}`
  const own = z.object(bridgeConfig).parse({ registrationUrl, bridgePatienceMs: 4_000, startsPerSecond: 200 })
  parts = {
    config: { ...own, topicPrefix, drainMs: 6_000, kafkaSessionTimeoutMs: 10_000 } as BridgeParts['config'],
    kafka, producer, log, registry,
    temporal: temporal.client,
    token: async () => 'a-token',
  }
  deadLetters = kafka.consumer({ groupId: `${topicPrefix}.letters` })
  await deadLetters.connect()
  await deadLetters.subscribe({ topics: [topicName(topicPrefix, 'dead-letter')], fromBeginning: true })
  await deadLetters.run({ eachMessage: async ({ message }) => { letters.push(decodeDeadLetter(message)) } })
  running = await startComponents(createBridge(parts), log)
})
afterAll(async () => {
  await running?.stop()
  await deadLetters?.disconnect()
  await producer?.disconnect()
  await temporal?.close()
  registration?.close()
})

/** Stands in for registration's two questions about a season. */
async function seasonsServer(): Promise<Server> {
  const { timeline } = await loadPolicy('changchun-2022')
  const server = createServer((request, response) => {
    const [, , id, what] = (request.url ?? '').split('/')
    const state = id === closedSeason ? 'closed' : 'open'
    const body = what === 'timeline' ? { timeline } : { season: id, policyHash: timeline.policy.hash, state, windows: [] }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

let children = 0
function newChild(of = season): ScriptedChild {
  children += 1
  return new ScriptedChild(of, `c${String.fromCharCode(97 + children).repeat(25)}`)
}

async function publish<T extends 'registration' | 'verification' | 'allocation'>(topic: T, name: Parameters<typeof eventType<T>>[1], fact: ChildFact): Promise<Event> {
  const event: Event = {
    id: `${fact.child}/${fact.aggregate}/${fact.id}/${fact.revision}`,
    type: eventType(topic, name), source: eventSource(topic as Topic), subject: fact.child, time: new Date().toISOString(), season: fact.season, data: fact,
  }
  await producer.send([{ topic, event }])
  return event
}

/** Facts told to the child's workflow, in their order; empty while there is none. */
async function told({ season: of, id }: ScriptedChild): Promise<string[]> {
  const handle = temporal.client.workflow.getHandle(enrollmentWorkflowId(of, id))
  const history = await handle.fetchHistory().catch(() => undefined)
  return (history?.events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) => {
    if (signal?.signalName !== SIGNALS.fact) return []
    const fact = JSON.parse(Buffer.from(signal.input!.payloads![0]!.data!).toString()) as ChildFact
    return [`${fact.aggregate} ${fact.revision}`]
  })
}
const isTold = (child: ScriptedChild, ...facts: string[]) =>
  waitUntil(`${child.id} to be told ${facts.join(', ')}`, async () => {
    if ((await told(child)).join() !== facts.join()) throw new Error(`told ${(await told(child)).join()}`)
  }, { timeoutMs: 40_000 })
const counted = async (name: string) => (await registry.getSingleMetric(name)!.get()).values.reduce((sum, { value }) => sum + value, 0)

describe('the bridge', () => {
  it('starts a child’s workflow with the roster and tells it what others do, in order', async () => {
    const child = newChild()
    await publish('registration', 'child-listed', child.listed())
    await publish('registration', 'registration-filed', child.filed('information', 'register'))
    await isTold(child, 'roster 1', 'registration 2')
    const { searchAttributes, type } = await temporal.client.workflow.getHandle(enrollmentWorkflowId(season, child.id)).describe()
    expect(type).toBe('enrollment')
    expect(searchAttributes).toMatchObject({ Season: [season], EnrollmentStatus: ['listed'], District: ['chaoyang'] })
  })

  it('starts a workflow with a registration too', async () => {
    const child = newChild()
    await publish('registration', 'registration-filed', child.filed('information', 'register'))
    await isTold(child, 'registration 1')
  })

  it('keeps amendments, silent answers and its own commands’ results to itself', async () => {
    const child = newChild()
    await publish('registration', 'child-listed', child.listed())
    await publish('registration', 'registration-amended', child.filed('information', 'register'))
    await publish('verification', 'authority-answered', child.case('police-check', 'answered'))
    await publish('allocation', 'child-arranged', child.place({}, []))
    await publish('verification', 'case-reviewed', child.case('review', 'approved'))
    await publish('registration', 'child-withdrawn', child.withdrawn('moved-away'))
    await waitUntil('the last facts', async () => {
      if ((await told(child)).length < 3) throw new Error('not yet')
    }, { timeoutMs: 40_000 })
    expect((await told(child)).sort()).toEqual(['case 5', 'roster 1', 'withdrawal 6'])
  })

  it('lets a fact wait for its child’s start, and the others go on', async () => {
    const early = newChild()
    const other = newChild()
    const roster = early.listed()
    await publish('verification', 'case-reviewed', early.case('review', 'approved'))
    await publish('registration', 'child-listed', other.listed())
    await isTold(other, 'roster 1')
    await publish('registration', 'child-listed', roster)
    await isTold(early, 'roster 1', 'case 2')
  })

  it('puts aside the fact of a child that nobody starts, and goes on behind it', async () => {
    const lost = newChild()
    const child = newChild()
    await publish('registration', 'child-listed', child.listed())
    await isTold(child, 'roster 1')
    const event = await publish('allocation', 'choice-made', lost.chosen('private-choice', 'private-1'))
    await publish('allocation', 'choice-made', child.chosen('private-choice', 'private-1'))
    await isTold(child, 'roster 1', 'choice 2')
    await waitUntil('its dead letter', async () => {
      if (!letters.some(({ headers, cause }) => headers['ce_id'] === event.id && cause.startsWith('NeverStarted'))) throw new Error('not yet')
    }, { timeoutMs: 40_000 })
  })

  it('records facts of a child whose season has ended as late, and starts nothing again', async () => {
    const child = newChild()
    const before = await counted('ruxue_bridge_late_total')
    await publish('registration', 'child-listed', child.listed())
    await isTold(child, 'roster 1')
    await temporal.client.workflow.getHandle(enrollmentWorkflowId(season, child.id)).terminate('the season is over')
    await publish('registration', 'registration-filed', child.filed('information', 'register'))
    await publish('verification', 'case-reviewed', child.case('review', 'approved'))
    await publish('registration', 'child-listed', child.listed())
    await waitUntil('three late facts', async () => {
      if ((await counted('ruxue_bridge_late_total')) < before + 3) throw new Error('not yet')
    }, { timeoutMs: 40_000 })
    expect(await told(child)).toEqual(['roster 1'])
  })

  it('starts nothing in a season that has been closed', async () => {
    const child = newChild(closedSeason)
    const before = await counted('ruxue_bridge_late_total')
    await publish('registration', 'child-listed', child.listed())
    await waitUntil('the late fact', async () => {
      if ((await counted('ruxue_bridge_late_total')) < before + 1) throw new Error('not yet')
    }, { timeoutMs: 40_000 })
    expect(await told(child)).toEqual([])
  })

  it('puts aside an event whose data does not fit its type', async () => {
    const child = newChild()
    await producer.send([{ topic: 'registration', event: {
      id: `${child.id}/poison`, type: eventType('registration', 'child-listed'), source: eventSource('registration'), subject: child.id,
      time: new Date().toISOString(), season, data: { child: child.id, name: 'nobody' },
    } }])
    await waitUntil('its dead letter', async () => {
      if (!letters.some(({ headers }) => headers['ce_id'] === `${child.id}/poison`)) throw new Error('not yet')
    }, { timeoutMs: 40_000 })
  })

  it('goes on where it stopped', async () => {
    const child = newChild()
    await publish('registration', 'child-listed', child.listed())
    await isTold(child, 'roster 1')
    await running.stop()
    await publish('registration', 'registration-filed', child.filed('information', 'register'))
    running = await startComponents(createBridge({ ...parts, registry: new Registry() }), log)
    await isTold(child, 'roster 1', 'registration 2')
  })
})
