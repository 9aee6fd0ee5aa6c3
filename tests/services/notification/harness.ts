import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { z } from 'zod'
import { notificationEndpoints } from '../../../contracts/http/notification.js'
import { seasonEndpoints } from '../../../contracts/http/seasons.js'
import type { Event } from '../../../contracts/events/envelope.js'
import { startMailCatcher, type MailCatcher } from '../../../infra/simulators/mail-catcher.js'
import { createClient, createMetrics, type Client } from '../../../platform/http/index.js'
import { consumerMetrics } from '../../../platform/kafka/index.js'
import { createLog } from '../../../platform/log.js'
import type { Service } from '../../../platform/service.js'
import { createNotification, notificationConfig, type NotificationDeps } from '../../../services/notification/service.js'
import {
  changchunWith, guardianOf, peopleEndpoint, rosterFact, SEASON, serveForTest, serviceDatabase, sqlOn, startSome, testClock, testConfig, testKafka, testTokens,
  type TestClock, type TestPerson, type Tokens,
} from '../support.js'

type Kind = 'place-notice' | 'admission-letter' | 'result' | 'arrangement' | 'end' | 'reminder'
type Api = Client<typeof notificationEndpoints & typeof seasonEndpoints>

export interface Harness {
  api: Api
  tokens: Tokens
  clock: TestClock
  catcher: MailCatcher
  people: Map<string, TestPerson>
  /** Purposes for which registration was asked. */
  asked: { purpose: string; children: string[] }[]
  deps: NotificationDeps
  service: Service
  folder: string
  /** Starts the catcher again after it was stopped. */
  catchAgain(): Promise<void>
  /** Issues a paper the way the child's workflow does. */
  issue(child: string, phase: string, kind: Kind, body?: { school?: string; exchanges?: boolean }): ReturnType<Api['issuePaper']>
  /** Makes a family known to registration and to this service's copy of the roster. */
  meet(child: string, person?: Partial<TestPerson>): Promise<void>
  guardian(child: string): Promise<string>
  sql<R>(query: string, values?: unknown[]): Promise<R[]>
  events(child: string): Promise<Event<Record<string, unknown>>[]>
  sms(): Promise<{ id: string; to: string; text: string; simulator: string }[]>
}

/** A notification service over the test stack, its mail caught, with only the components a test needs. */
export function notificationHarness(components: readonly string[] | 'all'): Harness {
  const harness = {} as Harness
  const stops: (() => Promise<void>)[] = []
  beforeAll(async () => {
    const base = await testConfig()
    stops.push(await serviceDatabase(base, 'notification'))
    harness.folder = await mkdtemp(join(tmpdir(), 'ruxue-notification-'))
    stops.push(() => rm(harness.folder, { recursive: true, force: true }))
    const { kafka, producer } = await testKafka(base)
    stops.push(() => producer.disconnect())
    Object.assign(harness, { clock: testClock(), tokens: await testTokens(), people: new Map(), asked: [] })
    harness.catcher = await startMailCatcher({ folder: join(harness.folder, 'mail') })
    stops.push(() => harness.catcher.stop())
    const registration = await serveForTest('registration', [peopleEndpoint(harness.people, harness.asked)], harness.clock, harness.tokens, base)
    stops.push(() => registration.server.close())
    const own = z.object(notificationConfig).parse({
      registrationUrl: registration.url, smtpUrl: harness.catcher.smtpUrl, smsFile: join(harness.folder, 'sms', 'sms.jsonl'),
      mailTimeoutMs: '2000', messageRetryMs: '50', messageLongestRetryMs: '400', messageAttempts: '40',
    })
    const { registry } = createMetrics('notification')
    harness.deps = {
      config: { ...base, ...own }, kafka, producer, clock: harness.clock, registry, consumerMetrics: consumerMetrics(registry), token: harness.tokens.service,
      log: createLog({ name: 'notification', level: process.env['TEST_LOG'] ?? 'silent' }),
    }
    harness.service = createNotification(harness.deps)
    stops.push(await startSome(harness.service.components, components === 'all' ? 'all' : ['notification-database', 'notification-channels', ...components]))
    const served = await serveForTest('notification', harness.service.endpoints, harness.clock, harness.tokens, base)
    stops.push(() => served.server.close())
    harness.api = createClient({ ...notificationEndpoints, ...seasonEndpoints }, { baseUrl: served.url, token: harness.tokens.service })
    Object.assign(harness, ways(harness))
  })
  beforeEach(async () => {
    harness.clock.set(undefined)
    harness.people.clear()
    await harness.sql('TRUNCATE message, paper, paper_counter, due_result, school, deadline, platform.child_fact, platform.outbox, platform.phase_window, platform.season CASCADE')
    await harness.api.installSeason({ params: { season: SEASON }, body: { timeline: await changchunWith() } })
  })
  afterAll(async () => {
    for (const stop of stops.reverse()) await stop()
  })
  return harness
}

function ways(harness: Harness): Partial<Harness> {
  const sql = <R>(query: string, values?: unknown[]) => sqlOn<R>(harness.deps.config, 'notification', query, values)
  return {
    sql,
    issue: (child, phase, kind, body = {}) => harness.api.issuePaper({ params: { season: SEASON, child, phase, kind }, body }),
    catchAgain: async () => {
      const url = new URL(harness.catcher.smtpUrl)
      harness.catcher = await startMailCatcher({ folder: join(harness.folder, 'mail'), port: Number(url.port) })
    },
    meet: async (child, person = {}) => {
      harness.people.set(child, { name: '安宁', idNumber: '990000201001010011', guardianName: '安明', email: `${child}@ruxue.invalid`, phone: '10000000001', ...person })
      const fact = rosterFact(child)
      await sql('INSERT INTO platform.child_fact VALUES ($1, $2, $3, $4, $5, $6)', [SEASON, child, 'roster', 'roster', 1, JSON.stringify(fact)])
    },
    guardian: (child) => harness.tokens.as({ role: 'guardian', subject: guardianOf(child) }),
    events: async (child) =>
      (await sql<{ event: Event<Record<string, unknown>> }>('SELECT event FROM platform.outbox WHERE key = $1 ORDER BY position', [child])).map(({ event }) => event),
    sms: async () => {
      const text = await readFile(harness.deps.config.smsFile, 'utf8').catch(() => '')
      return text.split('\n').filter(Boolean).map((line) => JSON.parse(line) as never)
    },
  }
}
