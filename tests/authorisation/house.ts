import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Endpoint } from '../../contracts/http/endpoint.js'
import { migrate } from '../../infra/prisma/migrate.js'
import { loadPolicy } from '../../policies/load.js'
import { createIssuer, createVerifier, generateTokenKeys, type Issuer } from '../../platform/auth.js'
import { systemClock } from '../../platform/clock.js'
import { createHttpServer, createMetrics, type HttpServer } from '../../platform/http/index.js'
import { consumerMetrics, createKafka, createProducer } from '../../platform/kafka/index.js'
import { createLog } from '../../platform/log.js'
import { databaseUrl } from '../../platform/postgres/index.js'
import type { Service, ServiceDeps } from '../../platform/service.js'
import { createWorkflowClient, type TemporalClient } from '../../platform/temporal/index.js'
import { createAllocation } from '../../services/allocation/service.js'
import { createConsole } from '../../services/console/service.js'
import { createNotification } from '../../services/notification/service.js'
import { createRegistration } from '../../services/registration/service.js'
import { createVerification } from '../../services/verification/service.js'
import { freshNamespace, testStack, uniqueName } from '../support/stack.js'
import { CHILD, DISTRICT, GUARDIAN, SCHOOL, SEASON } from './examples.js'

export const SERVICES = ['registration', 'verification', 'allocation', 'notification', 'console'] as const
export type ServiceName = (typeof SERVICES)[number]

/** All services as they are composed for production, served over HTTP, with one child in each database. */
export interface House {
  urls: Record<ServiceName, string>
  mounted: Record<ServiceName, readonly Endpoint[]>
  issuer: Issuer
  /** Signs with a key the services do not trust. */
  stranger: Issuer
  close(): Promise<void>
}

export async function openHouse(): Promise<House> {
  const { postgresUrl, temporalAddress } = await testStack()
  const databasePrefix = `${uniqueName()}_`
  for (const name of SERVICES) await migrate(name, databaseUrl({ postgresUrl, databasePrefix }, name))
  const keys = await generateTokenKeys()
  const verifier = await createVerifier(keys)
  const config = {
    postgresUrl, databasePrefix, temporalAddress, temporalNamespace: await freshNamespace(), ...TECHNICAL,
  }
  const temporal = await createWorkflowClient(config)
  const log = createLog({ name: 'test', level: 'silent' })
  const services = compose(config, log, temporal)
  const servers = new Map<ServiceName, HttpServer>()
  const urls: Partial<Record<ServiceName, string>> = {}
  for (const name of SERVICES) {
    const server = createHttpServer({ name, endpoints: services[name].endpoints, verifier, log, clock: systemClock, config })
    urls[name] = await server.listen(0)
    servers.set(name, server)
  }
  await settle(postgresUrl, databasePrefix)
  return {
    urls: urls as Record<ServiceName, string>,
    mounted: Object.fromEntries(SERVICES.map((name) => [name, services[name].endpoints.map(({ endpoint }) => endpoint)])) as Record<ServiceName, Endpoint[]>,
    issuer: await createIssuer(keys),
    stranger: await createIssuer(await generateTokenKeys()),
    close: async () => {
      await Promise.all([...servers.values()].map((server) => server.close()))
      for (const name of SERVICES) await services[name].components.find((component) => component.name === `${name}-database`)?.stop()
      await temporal.close()
      await dropAll(postgresUrl, databasePrefix)
    },
  }
}

const TECHNICAL = {
  kafkaBrokers: ['127.0.0.1:9'], topicPrefix: 'unused', topicPartitions: 1, idKey: 'k'.repeat(32), tokenKeys: '', host: '127.0.0.1',
  requestTimeoutMs: 5_000, statementTimeoutMs: 4_000, drainMs: 6_000, maxClockSkewMs: 250, kafkaSessionTimeoutMs: 30_000, logLevel: 'silent' as const,
  registrationUrl: 'http://127.0.0.1:9', authorities: { police: 'http://127.0.0.1:9' }, authorityTimeoutMs: 100, authorityConcurrency: 1, authorityRetryMs: 100, authorityLongestRetryMs: 100,
  bulkTimeoutMs: 5_000, witnesses: [{ name: 'nobody', baseUrl: 'http://127.0.0.1:9' }], witnessesLeast: 1, witnessTimeoutMs: 100, commitWithinMs: 100, revealWithinMs: 100,
  secondCheck: 'true', secondCheckTimeoutMs: 100, rehearsal: false, smtpUrl: 'smtp://127.0.0.1:9', mailFrom: 'admission@ruxue.invalid', smsFile: join(tmpdir(), 'unused'), mailTimeoutMs: 100,
  messageConcurrency: 1, messageAttempts: 1, messageRetryMs: 100, messageLongestRetryMs: 100, graceMs: 0, spreadMs: 0, publishBatch: 1, publishPauseMs: 0,
}

/** Kafka is never asked here: a refusal comes before anything is told. */
function compose(config: typeof TECHNICAL & ServiceDeps['config'], log: ServiceDeps['log'], temporal: TemporalClient): Record<ServiceName, Service> {
  const kafka = createKafka({ brokers: config.kafkaBrokers, topicPrefix: config.topicPrefix, clientId: 'test' }, log)
  const deps = () => {
    const { registry } = createMetrics('test')
    const producer = createProducer(kafka, config.topicPrefix)
    return { config, kafka, producer, clock: systemClock, log, registry, consumerMetrics: consumerMetrics(registry), token: async () => '' }
  }
  return {
    registration: createRegistration(deps()),
    verification: createVerification(deps()),
    allocation: createAllocation(deps()),
    notification: createNotification(deps()),
    console: createConsole({ ...deps(), temporal: temporal.client }),
  }
}

/** The season and the child of the examples, where each service keeps them. */
async function settle(postgresUrl: string, databasePrefix: string): Promise<void> {
  const { timeline } = await loadPolicy('changchun-2022')
  const roster = { season: SEASON, child: CHILD, aggregate: 'roster', id: 'roster', revision: 1, guardian: GUARDIAN, district: DISTRICT }
  const rows: Record<ServiceName, [string, unknown[]][]> = {
    registration: [[`INSERT INTO child (season, id, name, id_number, birthday, guardian, guardian_name, guardian_id_number, district, facts, source)
      VALUES ($1, $2, 'n', 'i', '2015-01-01', $3, 'n', 'i', $4, '{}', 'guardian')`, [SEASON, CHILD, GUARDIAN, DISTRICT]]],
    verification: [[`INSERT INTO case_file (season, child, phase, kind, state, school, district, opened_at) VALUES ($1, $2, 'review', 'review', 'at-school', $3, $4, now())`, [SEASON, CHILD, SCHOOL, DISTRICT]]],
    allocation: [],
    notification: [],
    console: [
      [`INSERT INTO season (id, policy, opens_at, closes_at) VALUES ($1, '{"id":"s","version":1,"hash":"h"}', now(), now())`, [SEASON]],
      ['INSERT INTO child (season, child, district, updated_at) VALUES ($1, $2, $3, now())', [SEASON, CHILD, DISTRICT]],
    ],
  }
  for (const name of SERVICES) {
    const client = new pg.Client({ connectionString: databaseUrl({ postgresUrl, databasePrefix }, name) })
    await client.connect()
    await client.query(`INSERT INTO platform.season (id, policy_hash, timeline) VALUES ($1, 'h', $2)`, [SEASON, JSON.stringify(timeline)])
    await client.query(`INSERT INTO platform.child_fact (season, child, aggregate, id, revision, body) VALUES ($1, $2, 'roster', 'roster', 1, $3)`, [SEASON, CHILD, JSON.stringify(roster)])
    for (const [sql, values] of rows[name]) await client.query(sql, values)
    await client.end()
  }
}

async function dropAll(postgresUrl: string, databasePrefix: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl })
  await client.connect()
  for (const name of SERVICES) await client.query(`DROP DATABASE IF EXISTS "${databasePrefix}${name}" WITH (FORCE)`)
  await client.end()
}
