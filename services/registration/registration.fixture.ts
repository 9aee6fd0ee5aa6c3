import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll } from 'vitest'
import { makePerson, type Person } from '../../cli/rehearsal/people.js'
import { registrationEndpoints } from '../../contracts/http/registration.js'
import { seasonEndpoints } from '../../contracts/http/seasons.js'
import type { Caller } from '../../contracts/roles.js'
import { migrate } from '../../infra/prisma/migrate.js'
import { createIssuer, createVerifier, generateTokenKeys, type TokenKeys } from '../../platform/auth.js'
import { baseConfig, type BaseConfig } from '../../platform/config.js'
import { createClient, createHttpServer, type Client } from '../../platform/http/index.js'
import { createKafka, createProducer, type EventProducer } from '../../platform/kafka/index.js'
import { createLog } from '../../platform/log.js'
import { databaseUrl, pgSql } from '../../platform/postgres/index.js'
import { loadPolicy } from '../../policies/load.js'
import { phasesOfKind, type Timeline } from '../../policies/timeline.js'
import { testStack, uniqueName } from '../../tests/support/stack.js'
import type { Answers } from './domain/answers.js'
import { identitiesOf, type Identities } from './domain/identities.js'
import type { Service } from '../../platform/service.js'
import { createRegistration } from './service.js'
import { writeCatalogueSize, writeDistrict, writeSchool, writeZone } from './store/zones.js'

export const SEASON = 'changchun-2022'
export const CITY: Caller = { subject: 'bureau', role: 'city' }
export const DESK: Caller = { subject: 'officer-1', role: 'district', district: 'd1' }
export const PLATFORM: Caller = { subject: 'workflows', role: 'service' }

const endpoints = { ...registrationEndpoints, ...seasonEndpoints }
export type Api = Client<typeof endpoints>

export interface Registration {
  /** A client that calls as somebody. */
  as(caller: Caller): Api
  /** A token for somebody. */
  tokenOf(caller: Caller): Promise<string>
  /** The keys that verify it. */
  keys: Required<TokenKeys>
  /** A client of the person's guardian. */
  guardianOf(person: Person): Api
  childOf(person: Person): string
  /** Requests are received at this instant, epoch ms. */
  clock: { at: number }
  timeline: Timeline
  ids: Identities
  config: BaseConfig
  baseUrl: string
  service: Service
  producer: EventProducer
  sql: pg.Pool
  /** Events in the outbox, in their order; without the relay they stay there. */
  events(): Promise<{ type: string; key: string; data: Record<string, unknown> }[]>
}

/**
 * Registration on a database of its own with a policy's season, two districts, a zone and a school, and word of places
 * that are still to come. Its calendar is
 * long over by PostgreSQL's clock, so a phase can be closed at once; requests are received when the fixture says.
 * @param policy whose season it is, under the id of Changchun's
 * @param moveBy ms by which the whole calendar is moved, for tests of running windows
 */
export async function startRegistration({ policy = SEASON, moveBy = 0 } = {}): Promise<Registration> {
  const { kafkaBrokers, postgresUrl } = await testStack()
  const config = {
    ...baseConfig.parse({ postgresUrl, kafkaBrokers, databasePrefix: `${uniqueName()}_`, topicPrefix: uniqueName('reg'), idKey: randomBytes(32).toString('hex'), tokenKeys: 'unused' }),
    kafkaBrokers: kafkaBrokers.split(','),
  }
  const url = databaseUrl(config, 'registration')
  await migrate('registration', url)
  const sql = new pg.Pool({ connectionString: url, max: 4 })
  const log = createLog({ name: 'test', level: process.env.TEST_LOG ?? 'silent' })
  const kafka = createKafka({ brokers: config.kafkaBrokers, topicPrefix: config.topicPrefix, clientId: 'test' }, log)
  const producer = createProducer(kafka, config.topicPrefix)
  const timeline = moved((await loadPolicy(policy)).timeline, moveBy)
  const clock = { at: phasesOfKind(timeline, 'registration')[0]!.opensAt }
  const service = createRegistration({ config, kafka, producer, log, clock: { now: () => clock.at } })
  const keys = await generateTokenKeys()
  const issuer = await createIssuer(keys)
  const server = createHttpServer({ name: 'registration', endpoints: service.endpoints, verifier: await createVerifier(keys), log, clock: { now: () => clock.at }, config })
  const baseUrl = await server.listen(0)
  const as = (caller: Caller): Api => createClient(endpoints, { baseUrl, token: () => issuer.sign(caller, 600) })
  const ids = identitiesOf(config.idKey)
  afterAll(async () => {
    await server.close()
    await service.components[0]!.stop()
    await sql.end()
    await dropDatabase(postgresUrl, url)
  })
  await as(PLATFORM).installSeason({ params: { season: SEASON }, body: { timeline } })
  await writeCatalogueSize(pgSql(sql), SEASON, { schools: 1, zones: 1, places: timeline.places.length })
  for (const district of ['d1', 'd2']) await writeDistrict(pgSql(sql), SEASON, district)
  await writeSchool(pgSql(sql), SEASON, 'd1-first')
  await writeZone(pgSql(sql), SEASON, { id: 'd1-z1', district: 'd1', schools: ['d1-first'], addresses: [{ district: 'd1', street: '晨光东街', to: 99, parity: 'odd' }] })
  return {
    as, keys, clock, timeline,
    tokenOf: (caller) => issuer.sign(caller, 600),
    ids, config, baseUrl, service, producer, sql,
    guardianOf: (person) => as({ subject: ids.guardian(SEASON, person.guardianIdNumber), role: 'guardian' }),
    childOf: (person) => ids.child(SEASON, person.idNumber),
    events: async () => (await sql.query(`SELECT event->>'type' AS type, key, event->'data' AS data FROM platform.outbox ORDER BY position`)).rows as never,
  }
}

async function dropDatabase(postgresUrl: string, url: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl })
  await client.connect()
  await client.query(`DROP DATABASE IF EXISTS "${new URL(url).pathname.slice(1)}" WITH (FORCE)`)
  await client.end()
}

function moved(timeline: Timeline, byMs: number): Timeline {
  const phases = timeline.phases.map((phase) => ({ ...phase, opensAt: phase.opensAt + byMs, closesAt: phase.closesAt + byMs }))
  return { ...timeline, opensAt: timeline.opensAt + byMs, closesAt: timeline.closesAt + byMs, phases }
}

export const HEADER = '姓名,身份证号,监护人姓名,监护人身份证号,手机号,区,学段,小学类型,就读学校'

/** A roster's row. */
export const rowOf = (person: Person, over: { district?: string; stage?: string; school?: string; own?: string } = {}): string =>
  [person.name, person.idNumber, person.guardianName, person.guardianIdNumber, person.phone, over.district ?? 'd1', over.stage ?? '初中', over.school ?? '公办', over.own ?? ''].join(',')

export const rosterOf = (...rows: string[]): string => [HEADER, ...rows, ''].join('\n')

export const people = (count: number, from = 0): Person[] => Array.from({ length: count }, (_, at) => makePerson(11, from + at))

/** Imports a roster. */
export const importCsv = (api: Api, id: string, content: string | Buffer, type = 'text/csv') =>
  api.importRoster({ params: { season: SEASON, import: id }, body: Buffer.from(content) as never, headers: { 'content-type': type } })

export const home = { district: 'd1', street: '晨光东街', number: 7, room: '2单元301' }

/** Answers to everything the first form asks. */
export const ordinaryAnswers: Answers = {
  residency: 'household', 'household.address': home, 'property.address': home, 'residence.address': home, 'primary.status': true,
}
