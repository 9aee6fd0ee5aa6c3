import pg from 'pg'
import type { z } from 'zod'
import { migrate } from '../../infra/prisma/migrate.js'
import { registrationEndpoints } from '../../contracts/http/registration.js'
import type { ChildFact } from '../../contracts/facts.js'
import type { Caller } from '../../contracts/roles.js'
import { createIssuer, createVerifier, generateTokenKeys } from '../../platform/auth.js'
import type { Clock } from '../../platform/clock.js'
import { baseConfig, type BaseConfig } from '../../platform/config.js'
import { createHttpServer, createMetrics, implement, type HttpServer, type Mounted } from '../../platform/http/index.js'
import { createKafka, createProducer, ensureTopics } from '../../platform/kafka/index.js'
import { createLog } from '../../platform/log.js'
import { databaseUrl } from '../../platform/postgres/index.js'
import type { Component } from '../../platform/process.js'
import { loadPolicy } from '../../policies/load.js'
import type { Timeline, TimelinePhase } from '../../policies/timeline.js'
import { testStack, uniqueName } from '../support/stack.js'

export const SEASON = 'changchun-2022'
const HOUR_MS = 3_600_000
/** The same in all tests of a file, as a season's timeline never changes. */
export const NOW = Date.now()
const SILENT = createLog({ name: 'test', level: 'silent' })

/** A clock that shows what a test says, or the time. */
export interface TestClock extends Clock {
  set(at: number | undefined): void
}

export function testClock(): TestClock {
  let shown: number | undefined
  return { now: () => shown ?? Date.now(), set: (at) => { shown = at } }
}

/** Common configuration over the test stack, with databases and topics that no other test uses. */
export async function testConfig(): Promise<BaseConfig> {
  const { postgresUrl, kafkaBrokers } = await testStack()
  return baseConfig.parse({
    postgresUrl, kafkaBrokers, databasePrefix: `${uniqueName()}_`, topicPrefix: uniqueName(), idKey: 'k'.repeat(32), tokenKeys: 'unused',
    requestTimeoutMs: '5000', statementTimeoutMs: '4000', drainMs: '6000', logLevel: 'silent', topicPartitions: '2',
  })
}

/** Creates and migrates a service's database; the answer drops it. */
export async function serviceDatabase(config: BaseConfig, service: string): Promise<() => Promise<void>> {
  const url = databaseUrl(config, service)
  await migrate(service, url)
  return async () => {
    const client = new pg.Client({ connectionString: config.postgresUrl })
    await client.connect()
    await client.query(`DROP DATABASE IF EXISTS "${new URL(url).pathname.slice(1)}" WITH (FORCE)`)
    await client.end()
  }
}

/** Runs SQL on a service's database from outside. */
export async function sqlOn<R = Record<string, unknown>>(config: BaseConfig, service: string, query: string, values: unknown[] = []): Promise<R[]> {
  const client = new pg.Client({ connectionString: databaseUrl(config, service) })
  await client.connect()
  try {
    return (await client.query(query, values)).rows as R[]
  } finally {
    await client.end()
  }
}

/** A producer on topics of the test's own. */
export async function testKafka(config: BaseConfig) {
  const settings = { brokers: config.kafkaBrokers, topicPrefix: config.topicPrefix, clientId: 'test', sessionTimeoutMs: 6_000 }
  const kafka = createKafka(settings, SILENT)
  await ensureTopics(kafka, { topicPrefix: config.topicPrefix, partitions: config.topicPartitions })
  const producer = createProducer(kafka, config.topicPrefix)
  await producer.connect()
  return { kafka, producer }
}

/** Tokens for whoever a test plays. */
export async function testTokens() {
  const keys = await generateTokenKeys()
  const issuer = await createIssuer(keys)
  return {
    verifier: await createVerifier(keys),
    as: (caller: Partial<Caller> & Pick<Caller, 'role'>) => issuer.sign({ subject: caller.role, ...caller }, 600),
    service: () => issuer.sign({ subject: 'test', role: 'service' }, 600),
  }
}
export type Tokens = Awaited<ReturnType<typeof testTokens>>

/** Serves endpoints for a test. */
export async function serveForTest(name: string, endpoints: Mounted[], clock: Clock, tokens: Tokens, config: BaseConfig): Promise<{ url: string; server: HttpServer }> {
  const server = createHttpServer({ name, endpoints, verifier: tokens.verifier, log: SILENT, clock, config: { ...config, drainMs: 200 }, metrics: createMetrics(name) })
  return { url: await server.listen(0), server }
}

type Answers = z.input<typeof registrationEndpoints.people.response>['people'][number]['answers']

export interface TestPerson {
  name: string
  idNumber: string
  guardianName: string
  guardianIdNumber?: string
  answers?: Answers
  phone?: string
  email?: string
}

/** Stands where registration answers who a child is; the rest of registration takes no part in these tests. */
export function peopleEndpoint(people: Map<string, TestPerson>, calls: { purpose: string; children: string[] }[] = []): Mounted {
  return implement(registrationEndpoints.people, {
    handle: async ({ body }) => {
      calls.push(body)
      const known = body.children.flatMap((child) => {
        const person = people.get(child)
        return person ? [{ child, answers: { 'household.address': { district: 'nanguan', street: '人民大街', number: 1, room: '' } }, ...person }] : []
      })
      return { people: known }
    },
  })
}

export type Spans = Record<string, Partial<Pick<TimelinePhase, 'opensAt' | 'closesAt' | 'publishAt'>>>

/** Changchun with other windows. */
export const changchunWith = (spans: Spans = {}): Promise<Timeline> => policyWith(SEASON, spans)

/**
 * A policy with other windows: every phase opened an hour ago and closes in an hour, unless the test says otherwise.
 * @param spans by phase id
 */
export async function policyWith(policy: string, spans: Spans = {}): Promise<Timeline> {
  const { timeline } = await loadPolicy(policy)
  return {
    ...timeline,
    calendar: 'compressed',
    phases: timeline.phases.map((phase) => ({ ...phase, opensAt: NOW - HOUR_MS, closesAt: NOW + HOUR_MS, ...spans[phase.id] })),
  }
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'

/** An opaque child id for tests: the same for the same number. */
export const childId = (number: number): string => `c${[...String(number).padStart(25, '0')].map((digit) => LETTERS[Number(digit)]).join('')}`
export const guardianOf = (child: string): string => `g${child.slice(1)}`

export const rosterFact = (child: string, facts: ChildFact['facts'] = { stage: 'primary' }): ChildFact => ({
  season: SEASON, child, aggregate: 'roster', id: 'roster', revision: 1, facts, guardian: guardianOf(child), district: 'nanguan',
})

export const SAME_ADDRESSES = { 'household.address': 'a1', 'property.address': 'a1', 'residence.address': 'a1' }

export const filedFact = (child: string, facts: ChildFact['facts'] = SAME_ADDRESSES, zone: string | null = 'z1'): ChildFact => ({
  season: SEASON, child, aggregate: 'registration', id: 'information', revision: 1, facts,
  outcomes: { register: 'filed' }, zones: { 'household.address': zone }, number: '0001',
})

/** Starts some components of a service in order and stops them in reverse. */
export async function startSome(components: readonly Component[], names: readonly string[] | 'all'): Promise<() => Promise<void>> {
  const wanted = components.filter(({ name }) => names === 'all' || names.includes(name))
  for (const component of wanted) await component.start()
  return async () => {
    for (const component of wanted.toReversed()) await component.stop()
  }
}
