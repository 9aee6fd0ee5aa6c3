import { Worker } from '@temporalio/worker'
import type { Kafka } from 'kafkajs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Topic } from '../../contracts/events/envelope.js'
import { consoleEndpoints } from '../../contracts/http/console.js'
import type { Caller } from '../../contracts/roles.js'
import { enrollmentWorkflowId, roundWorkflowId, type ArrangeRequest } from '../../contracts/workflows.js'
import { migrate } from '../../infra/prisma/migrate.js'
import { waitUntil } from '../../infra/stack/wait.js'
import type { Timeline } from '../../policies/timeline.js'
import { createIssuer, createVerifier, generateTokenKeys } from '../../platform/auth.js'
import { systemClock } from '../../platform/clock.js'
import { createClient, createHttpServer, createMetrics, type Client, type HttpServer } from '../../platform/http/index.js'
import { consumerMetrics, createKafka, createProducer, ensureTopics, topicName, type EventProducer } from '../../platform/kafka/index.js'
import { createLog } from '../../platform/log.js'
import { databaseUrl } from '../../platform/postgres/index.js'
import { startComponents, type RunningProcess } from '../../platform/process.js'
import { bundleWorkflows, connectWorkers, createWorkflowClient, installTemporalLog, type TemporalClient } from '../../platform/temporal/index.js'
import { freshNamespace, testStack, uniqueName } from '../../tests/support/stack.js'
import { SEASON, childNo, event, listed, opened, status } from './console.fixture.js'
import { createConsole } from './service.js'

const log = createLog({ name: 'test', level: 'silent' })
const caller = { officer: { subject: 'o1', role: 'district', district: 'nanguan' }, city: { subject: 'b1', role: 'city' }, ops: { subject: 'p1', role: 'ops' } } as const satisfies Record<string, Caller>
const [mine, other] = [childNo(1), childNo(2)]
const HOUR_MS = 3_600_000
const base = Date.now() - HOUR_MS

let kafka: Kafka
let producer: EventProducer
let temporal: TemporalClient
let server: HttpServer
let running: RunningProcess
let url: string
let topicPrefix: string
let tokens: Record<keyof typeof caller, string>
let dropDatabase: () => Promise<unknown>
let stopWorkers: () => Promise<void>
const as = (who: keyof typeof caller): Client<typeof consoleEndpoints> => createClient(consoleEndpoints, { baseUrl: url, token: async () => tokens[who] })

async function startWorkers(namespace: string, connection: Awaited<ReturnType<typeof connectWorkers>>) {
  const workflowBundle = await bundleWorkflows(new URL('./api/workflows.fixture.ts', import.meta.url).pathname, log)
  const workers = await Promise.all(['enrollment', 'season', 'round'].map((taskQueue) =>
    Worker.create({ connection, namespace, taskQueue, workflowBundle })))
  const runs = workers.map((worker) => worker.run())
  return async () => {
    for (const worker of workers) worker.shutdown()
    await Promise.all(runs)
    await connection.close()
  }
}

beforeAll(async () => {
  installTemporalLog(log)
  const { postgresUrl, kafkaBrokers, temporalAddress } = await testStack()
  const databasePrefix = `${uniqueName()}_`
  dropDatabase = () => drop(postgresUrl, `${databasePrefix}console`)
  await migrate('console', databaseUrl({ postgresUrl, databasePrefix }, 'console'))
  const namespace = await freshNamespace()
  topicPrefix = uniqueName()
  kafka = createKafka({ brokers: kafkaBrokers.split(','), topicPrefix, clientId: 'test' }, log)
  await ensureTopics(kafka, { topicPrefix, partitions: 2 })
  producer = createProducer(kafka, topicPrefix)
  await producer.connect()
  temporal = await createWorkflowClient({ temporalAddress, temporalNamespace: namespace })
  stopWorkers = await startWorkers(namespace, await connectWorkers({ temporalAddress, temporalNamespace: namespace }))
  const keys = await generateTokenKeys()
  const issuer = await createIssuer(keys)
  tokens = Object.fromEntries(await Promise.all(Object.entries(caller).map(async ([name, who]) => [name, await issuer.sign(who, 600)]))) as typeof tokens
  const config = {
    postgresUrl, databasePrefix, kafkaBrokers: [], topicPrefix, topicPartitions: 2, temporalAddress, temporalNamespace: namespace,
    idKey: 'k'.repeat(32), tokenKeys: '', host: '127.0.0.1', requestTimeoutMs: 5_000, statementTimeoutMs: 4_000, drainMs: 6_000, maxClockSkewMs: 250,
    kafkaSessionTimeoutMs: 30_000, logLevel: 'silent' as const, registrationUrl: 'http://127.0.0.1:9', graceMs: 0, spreadMs: 0, publishBatch: 10, publishPauseMs: 0,
  }
  const { registry } = createMetrics('console')
  const service = createConsole({
    config, kafka, producer, registry, temporal: temporal.client, clock: systemClock, log,
    consumerMetrics: consumerMetrics(registry), token: async () => tokens.city,
  })
  running = await startComponents(service.components, log)
  server = createHttpServer({ name: 'console', endpoints: service.endpoints, verifier: await createVerifier(keys), log, clock: systemClock, config, readiness: service.readiness })
  url = await server.listen(0)
  const news = [opened(base, HOUR_MS), listed(mine, 'nanguan'), listed(other, 'erdao'), status(mine, 1, { status: 'registered' })]
  await producer.send(news.map((told) => ({ topic: told.type.split('.')[2] as Topic, event: told })))
  await waitUntil('the projection', async () => {
    const { events } = await as('city').getFigures({ params: { season: SEASON } })
    if (events !== news.length) throw new Error(`${events} of ${news.length} events are there`)
  })
})

afterAll(async () => {
  await server?.close()
  await running?.stop()
  await stopWorkers?.()
  await producer?.disconnect()
  await temporal?.close()
  await dropDatabase?.()
})

describe('the console', () => {
  it('tells a season’s figures, and a district only its own', async () => {
    const params = { season: SEASON }
    expect(await as('city').getFigures({ params })).toMatchObject({ children: 2, byStatus: { listed: 1, registered: 1 }, byDistrict: { nanguan: { registered: 1 }, erdao: { listed: 1 } } })
    expect(await as('officer').getFigures({ params })).toMatchObject({ children: 1, byDistrict: { nanguan: { registered: 1 } } })
  })

  it('lists to a district its own children and refuses another district', async () => {
    const list = (query: object) => as('officer').listChildren({ params: { season: SEASON }, query })
    expect((await list({})).children.map(({ child }) => child)).toEqual([mine])
    await expect(list({ district: 'erdao' })).rejects.toMatchObject({ type: 'forbidden' })
    await expect(as('officer').getChild({ params: { season: SEASON, child: other } })).rejects.toMatchObject({ type: 'forbidden' })
  })

  it('goes on with the cursor where the page ended, and refuses a cursor of another list', async () => {
    const list = (query: object) => as('city').listChildren({ params: { season: SEASON }, query })
    const first = await list({ limit: '1' })
    const second = await list({ limit: '1', cursor: first.next })
    expect([...first.children, ...second.children].map(({ child }) => child).sort()).toEqual([mine, other].sort())
    await expect(list({ cursor: 'abc' })).rejects.toMatchObject({ type: 'invalid-input' })
  })

  it('shows the calendar with the state of each phase', async () => {
    const { phases } = await as('ops').listPhases({ params: { season: SEASON } })
    expect(phases.map(({ phase, state }) => [phase, state])).toEqual([['register', 'open'], ['zoning', 'upcoming'], ['desk', 'upcoming']])
  })

  it('puts a child on the desk and shows what its workflow says', async () => {
    await temporal.client.workflow.start('enrollment', { workflowId: enrollmentWorkflowId(SEASON, mine), taskQueue: 'enrollment' })
    await as('officer').flagChild({ params: { season: SEASON, child: mine }, body: { reason: 'ill' } })
    const seen = await as('officer').getChild({ params: { season: SEASON, child: mine } })
    expect(seen.events.map(({ type }) => type)).toEqual(['cn.ruxue.registration.child-listed.v1', 'cn.ruxue.enrollment.status-changed.v1'])
    expect(seen.live).toMatchObject({ flags: [{ by: 'o1', reason: 'ill' }], outcomes: { register: 'filed' } })
  })

  it('shows the owner’s deadline while a child’s workflow has not heard of an extension yet', async () => {
    const { live } = await as('officer').getChild({ params: { season: SEASON, child: mine } })
    expect(live?.next).toEqual({ phase: 'register', boundary: 'closes', at: new Date(base + 10 * HOUR_MS).toISOString() })
  })

  it('shows a child whose workflow does not answer, without what it would say', async () => {
    await temporal.client.workflow.start('enrollment', { workflowId: enrollmentWorkflowId(SEASON, other), taskQueue: 'nobody' })
    const seen = await as('city').getChild({ params: { season: SEASON, child: other } })
    expect(seen).toMatchObject({ child: other, status: 'listed' })
    expect(seen.live).toBeUndefined()
  })

  it('answers a desk’s decision with the seat, the reason why not, or that the season is over', async () => {
    const decide = (decision: ArrangeRequest['decision']) =>
      as('officer').arrangeChild({ params: { season: SEASON, child: mine }, body: { decision, reason: 'nearest vacancy' } })
    expect(await decide({ place: 'no-1' })).toMatchObject({ status: 'arranged', school: 'no-1' })
    expect(await decide({ place: 'no-1', way: 'home-teaching' })).toMatchObject({ status: 'arranged', school: 'no-1' })
    await expect(decide({ place: 'full' })).rejects.toMatchObject({ type: 'school-full', particulars: { free: 0 } })
    expect(await decide({ end: 'moved abroad' })).toMatchObject({ status: 'ended' })
    await waitUntil('the end', () => expect(decide({ place: 'no-1' })).rejects.toMatchObject({ type: 'season-closed' }))
    await expect(as('city').arrangeChild({ params: { season: SEASON, child: childNo(9) }, body: { decision: { place: 'no-1' }, reason: 'x' } }))
      .rejects.toMatchObject({ type: 'unknown-child' })
  })

  it('starts a season once, and extends its phases as far as the season allows', async () => {
    const timeline = { policy: { id: SEASON, version: 1, hash: 'h' }, phases: [] } as unknown as Timeline
    const start = (hash: string) => as('city').startSeason({ body: { season: SEASON, timeline: { ...timeline, policy: { ...timeline.policy, hash } } } })
    expect(await start('h')).toMatchObject({ new: true })
    expect(await start('h')).toMatchObject({ new: false })
    await expect(start('other')).rejects.toMatchObject({ type: 'different-season' })
    const extend = (phase: string) => as('city').extendPhase({ params: { season: SEASON, phase }, body: { closesAt: '2030-01-01T00:00:00.000Z', reason: 'storm' } })
    expect(await extend('register')).toEqual({ phase: 'register', closesAt: '2030-01-01T00:00:00.000Z' })
    await expect(extend('desk')).rejects.toMatchObject({ type: 'extension-refused' })
  })

  it('tells a round who has approved it, by the officer’s own name', async () => {
    await temporal.client.workflow.start('round', { workflowId: roundWorkflowId(SEASON, 'zoning'), taskQueue: 'round' })
    const approve = (phase = 'zoning') => as('city').approveRound({ params: { season: SEASON, phase }, body: {} })
    expect(await approve()).toEqual({ phase: 'zoning', approvals: 1 })
    await expect(approve()).rejects.toMatchObject({ type: 'round-conflict' })
    await expect(approve('not-begun')).rejects.toMatchObject({ type: 'round-conflict', detail: 'The round has not begun, or is published' })
  })

  it('shows of a round under way how far its ceremony is, the groups held back and who has approved', async () => {
    const of = { season: SEASON, phase: 'zoning', run: 1, hash: 'b'.repeat(64) }
    const freeze = { at: '2022-06-13T01:00:00.000Z', hash: of.hash, draw: 'd', run: 1, groups: [] }
    expect((await as('officer').listRounds({ params: { season: SEASON } })).rounds).toEqual([{ phase: 'zoning', state: 'planned' }])
    await producer.send([
      { topic: 'allocation', event: event('cn.ruxue.allocation.round-frozen.v1', { ...of, units: 2, children: 3, listHash: 'a'.repeat(64), freeze }) },
      { topic: 'allocation', event: event('cn.ruxue.allocation.round-checked.v1', { ...of, held: ['nanguan'] }) },
    ])
    await waitUntil('the check', async () => {
      const { rounds } = await as('officer').listRounds({ params: { season: SEASON } })
      expect(rounds).toMatchObject([{ phase: 'zoning', step: 'check', run: 1, held: ['nanguan'], live: { stage: 'approving', approvedBy: ['b1'] } }])
    })
  })

  it('tells a round that its groups are to be checked again, and records what was mended', async () => {
    const recheck = { params: { season: SEASON, phase: 'zoning' }, body: { reason: 'Python is there again' } }
    expect(await as('city').recheckRound(recheck)).toEqual({ phase: 'zoning', supplement: 1 })
    await expect(as('officer').recheckRound(recheck)).rejects.toMatchObject({ type: 'forbidden' })
    const { actions } = await as('city').listActions({ params: { season: SEASON } })
    expect(actions).toContainEqual(expect.objectContaining({ what: expect.stringContaining('recheck'), reason: 'Python is there again', result: 'done' }))
  })

  it('tells a round that an officer wants its run to be void, or to begin again, and records why', async () => {
    const round = { params: { season: SEASON, phase: 'zoning' } }
    const why = { body: { reason: 'a class was left out of the plan' } }
    expect(await as('city').voidRound({ ...round, ...why })).toEqual({ phase: 'zoning', run: 1, officers: 1, void: false })
    await expect(as('officer').voidRound({ ...round, ...why })).rejects.toMatchObject({ type: 'forbidden' })
    await expect(as('city').restartRound({ ...round, body: {} })).rejects.toMatchObject({ type: 'round-conflict' })
    const { actions } = await as('city').listActions({ params: { season: SEASON } })
    expect(actions).toContainEqual(expect.objectContaining({ what: expect.stringContaining('void'), ...why.body, result: 'done' }))
    expect(actions).toContainEqual(expect.objectContaining({ what: expect.stringContaining('restart'), result: 'refused', problem: 'round-conflict' }))
  })

  it('records who commanded what, and how it ended', async () => {
    const { actions } = await as('city').listActions({ params: { season: SEASON } })
    const log = actions.map(({ who, what, result, problem }) => [who, what.split(' ')[0], result, problem])
    expect(log).toContainEqual(['o1', 'flag', 'done', undefined])
    expect(log).toContainEqual(['o1', 'arrange', 'refused', 'school-full'])
    expect(actions.map(({ what }) => what)).toContain('arrange no-1 as home-teaching')
    expect(log).toContainEqual(['b1', 'extend', 'refused', 'extension-refused'])
  })

  it('puts a poison event aside with its cause and sends it again when asked', async () => {
    const poison = { ...status(mine, 9, { status: 'placed' }), data: { season: SEASON, child: mine, status: 'lost', sequence: 9 } }
    await producer.send([{ topic: 'enrollment', event: poison }])
    const letters = await waitUntil('the dead letter', async () => {
      const { deadLetters } = await as('ops').listDeadLetters({})
      expect(deadLetters).toHaveLength(1)
      return deadLetters
    })
    expect(letters[0]).toMatchObject({ topic: topicName(topicPrefix, 'enrollment'), event: poison.id, season: SEASON })
    expect(letters[0]!.cause).toContain('/status')
    const { deadLetter } = await as('ops').replayDeadLetter({ params: { letter: letters[0]!.id }, body: {} })
    expect(deadLetter.replayedAt).toBeDefined()
    await waitUntil('its return', async () => expect((await as('ops').listDeadLetters({})).deadLetters).toHaveLength(1))
    await expect(as('ops').replayDeadLetter({ params: { letter: 'none' }, body: {} })).rejects.toMatchObject({ type: 'not-found' })
  })

  it('streams figures and changes, and goes on after Last-Event-ID', async () => {
    const first = await readStream({}, (text) => text.includes('event: figures'))
    const id = /id: (\d+)/.exec(first)![1]!
    const closesAt = new Date(base + 20 * HOUR_MS).toISOString()
    await producer.send([{ topic: 'season', event: event('cn.ruxue.season.phase-extended.v1', { season: SEASON, phase: 'register', closesAt, officer: 'b1', reason: 'storm' }) }])
    const resumed = await readStream({ 'last-event-id': id }, (text) => text.includes('"extended"'))
    expect(resumed).toContain(closesAt)
    const everything = await readStream({ 'last-event-id': '0' }, (text) => text.includes('"extended"'))
    expect(everything).toContain('"kind":"season","change":"opened"')
    expect(everything).toContain('"phase":"register","change":"opened"')
  })
})

async function drop(postgresUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl })
  await client.connect()
  await client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)
  await client.end()
}

async function readStream(headers: Record<string, string>, enough: (text: string) => boolean): Promise<string> {
  const stop = new AbortController()
  const response = await fetch(`${url}/seasons/${SEASON}/stream`, { headers: { authorization: `Bearer ${tokens.city}`, ...headers }, signal: AbortSignal.any([stop.signal, AbortSignal.timeout(20_000)]) })
  let text = ''
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString()
    if (enough(text)) break
  }
  stop.abort()
  return text
}
