import { afterAll, beforeAll, beforeEach } from 'vitest'
import { seasonEndpoints } from '../../../contracts/http/seasons.js'
import { verificationEndpoints } from '../../../contracts/http/verification.js'
import type { ChildFact } from '../../../contracts/facts.js'
import type { Event } from '../../../contracts/events/envelope.js'
import { startAuthoritySimulator, type AuthoritySimulator } from '../../../infra/simulators/authority.js'
import { createClient, createMetrics, type Client } from '../../../platform/http/index.js'
import { consumerMetrics } from '../../../platform/kafka/index.js'
import { createLog } from '../../../platform/log.js'
import type { Timeline } from '../../../policies/timeline.js'
import type { Service } from '../../../platform/service.js'
import { createVerification, verificationConfig, type VerificationDeps } from '../../../services/verification/service.js'
import { z } from 'zod'
import {
  filedFact, peopleEndpoint, policyWith, rosterFact, SEASON, serveForTest, serviceDatabase, sqlOn, startSome, testClock, testConfig, testKafka,
  testTokens, type Spans, type TestClock, type TestPerson, type Tokens,
} from '../support.js'

const AUTHORITIES = ['police', 'property-registry', 'student-records', 'hr-bureau']

type Api = Client<typeof verificationEndpoints & typeof seasonEndpoints>

export interface Harness {
  api: Api
  tokens: Tokens
  clock: TestClock
  authorities: AuthoritySimulator
  people: Map<string, TestPerson>
  deps: VerificationDeps
  service: Service
  /** Installs a policy, Changchun's if not said, with these windows. */
  install(spans?: Spans, policy?: string): Promise<Timeline>
  /** Opens a case the way the child's workflow does. */
  open(child: string, phase: string, facts?: ChildFact[]): Promise<string>
  sql<R>(query: string, values?: unknown[]): Promise<R[]>
  /** What went into the outbox about a child. */
  events(child: string): Promise<Event<ChildFact>[]>
  /** Everybody's word about zones and schools. */
  drawZone(zone: string, school: string): Promise<void>
  stop(): Promise<void>
}

/** A verification service over the test stack, its authorities simulated, with only the components a test needs. */
export function verificationHarness(components: readonly string[] | 'all', over: Partial<VerificationDeps['config']> = {}): Harness {
  const harness = {} as Harness
  const stops: (() => Promise<void>)[] = []
  beforeAll(async () => {
    const base = await testConfig()
    stops.push(await serviceDatabase(base, 'verification'))
    const { kafka, producer } = await testKafka(base)
    stops.push(() => producer.disconnect())
    harness.clock = testClock()
    harness.tokens = await testTokens()
    harness.people = new Map()
    harness.authorities = await startAuthoritySimulator({ seed: 1, shares: {}, slowMs: 400 })
    stops.push(() => harness.authorities.stop())
    const registration = await serveForTest('registration', [peopleEndpoint(harness.people)], harness.clock, harness.tokens, base)
    stops.push(() => registration.server.close())
    const own = z.object(verificationConfig).parse({ registrationUrl: registration.url, authorities: AUTHORITIES.map((name) => `${name}=${harness.authorities.urlOf(name)}`).join(','), authorityTimeoutMs: '250', authorityRetryMs: '50', authorityLongestRetryMs: '200' })
    const log = createLog({ name: 'verification', level: process.env['TEST_LOG'] ?? 'silent' })
    const { registry } = createMetrics('verification')
    harness.deps = {
      config: { ...base, ...own, ...over }, kafka, producer, clock: harness.clock, log, registry, consumerMetrics: consumerMetrics(registry),
      token: harness.tokens.service,
    }
    harness.service = createVerification(harness.deps)
    stops.push(await startSome(harness.service.components, ['verification-database', ...(components === 'all' ? [] : components)]))
    if (components === 'all') stops.push(await startSome(harness.service.components.slice(1), 'all'))
    const served = await serveForTest('verification', harness.service.endpoints, harness.clock, harness.tokens, base)
    stops.push(() => served.server.close())
    harness.api = createClient({ ...verificationEndpoints, ...seasonEndpoints }, { baseUrl: served.url, token: harness.tokens.service })
    Object.assign(harness, ways(harness, base))
  })
  beforeEach(() => harness.clock.set(undefined))
  afterAll(async () => {
    for (const stop of stops.reverse()) await stop()
  })
  return harness
}

function ways(harness: Harness, base: Awaited<ReturnType<typeof testConfig>>) {
  const sql = <R>(query: string, values?: unknown[]) => sqlOn<R>(base, 'verification', query, values)
  return {
    sql,
    install: async (spans: Spans = {}, policy = SEASON) => {
      await sql('TRUNCATE case_step, question, case_file, zone, school, platform.child_fact, platform.outbox, platform.phase_window, platform.season CASCADE')
      const timeline = await policyWith(policy, spans)
      await harness.api.installSeason({ params: { season: SEASON }, body: { timeline } })
      await harness.drawZone('z1', 's1')
      return timeline
    },
    open: async (child: string, phase: string, facts: ChildFact[] = [rosterFact(child), filedFact(child)]) =>
      (await harness.api.openCases({ params: { season: SEASON, phase, child }, body: { facts } })).state,
    events: async (child: string) =>
      (await sql<{ event: Event<ChildFact> }>('SELECT event FROM platform.outbox WHERE key = $1 ORDER BY position', [child])).map(({ event }) => event),
    drawZone: async (zone: string, school: string) => {
      await sql('INSERT INTO zone VALUES ($1, $2, $3, ARRAY[$4])', [SEASON, zone, 'nanguan', school])
    },
  }
}
