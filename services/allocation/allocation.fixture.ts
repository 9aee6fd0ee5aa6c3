import { afterAll } from 'vitest'
import { eventSource, type Event } from '../../contracts/events/envelope.js'
import { eventType } from '../../contracts/events/types.js'
import type { Aggregate, ChildFact } from '../../contracts/facts.js'
import { allocationEndpoints } from '../../contracts/http/allocation.js'
import { seasonEndpoints } from '../../contracts/http/seasons.js'
import type { Caller } from '../../contracts/roles.js'
import { migrate } from '../../infra/prisma/migrate.js'
import { startWitnessSimulator, type WitnessSimulator } from '../../infra/simulators/witness.js'
import { loadPolicy } from '../../policies/load.js'
import type { Timeline } from '../../policies/timeline.js'
import { createIssuer, createVerifier, generateTokenKeys } from '../../platform/auth.js'
import { createClient, createHttpServer, type Client } from '../../platform/http/index.js'
import { createKafka, createProducer } from '../../platform/kafka/index.js'
import { createLog, type Log } from '../../platform/log.js'
import { createPool, databaseUrl } from '../../platform/postgres/index.js'
import { testStack, uniqueName } from '../../tests/support/stack.js'
import type { Catalogue } from './domain/catalogue.js'
import { readingOf } from '../../platform/facts/index.js'
import { VERIFIER } from './checking/second-opinion.js'
import { createAllocation, type AllocationConfig } from './service.js'
import { openDatabase } from './store/database.js'

const endpoints = { ...allocationEndpoints, ...seasonEndpoints }
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'

/** An opaque id of a kind for a number. */
export function idNo(kind: 'c' | 'g' | 'u', n: number): string {
  let text = ''
  for (let rest = n; text.length < 6; rest = Math.floor(rest / 32)) text = LETTERS[rest % 32] + text
  return kind + text.padStart(25, 'a')
}
export const childNo = (n: number): string => idNo('c', n)
/** The guardian of the nth child. */
export const guardianNo = (n: number): string => idNo('g', n)

/** An instant in the summer of 2022 in Changchun: `at('06-13 09:00')`. */
export const at = (local: string): number => Date.parse(`2022-${local.replace(' ', 'T')}:00.000+08:00`)

export const publicSchool = (id: string, plan: number) => ({ id, name: id, district: 'nanguan', facts: { type: 'public' }, plan })
export const privateSchool = (id: string, plan: number) => ({ ...publicSchool(id, plan), facts: { type: 'private' } })
export const zoneOf = (id: string, ...schools: string[]) => ({ id, district: 'nanguan', schools, addresses: [{ district: 'nanguan', street: id }] })

/** Facts of one child of a season, as other services state them. */
export const factsAbout = (season: string, n: number) => {
  const fact = (aggregate: Aggregate, id: string, more: Partial<ChildFact>): ChildFact => ({ season, child: childNo(n), aggregate, id, revision: 1, ...more })
  return {
    roster: (facts: ChildFact['facts'] = { stage: 'primary' }) => fact('roster', 'roster', { facts, guardian: guardianNo(n), district: 'nanguan' }),
    registered: (more: Partial<ChildFact> = {}) => fact('registration', 'information', { outcomes: { register: 'filed' }, ...more }),
    reviewed: (outcome: 'approved' | 'refused') => fact('case', 'review', { outcomes: { review: outcome } }),
    withdrawn: () => fact('withdrawal', 'withdrawal', { reason: 'moved-away' }),
    of: fact,
  }
}

const eventOf = (data: ChildFact, n: number): Event => ({
  id: `${data.child}/${data.aggregate}/${data.revision}/${n}/${Math.random()}`,
  type: eventType('registration', 'registration-filed'),
  source: eventSource('registration'),
  subject: data.child,
  time: new Date().toISOString(),
  season: data.season,
  data,
})

/**
 * The service on a database of its own, served over HTTP, with a clock that the test sets.
 * @param sharing another process on the database of this one
 */
export async function startAllocation({ sharing, log = createLog({ name: 'test', level: 'error' }), more = {} }: { sharing?: { databasePrefix: string; witnesses: WitnessSimulator }; log?: Log; more?: Partial<AllocationConfig> } = {}) {
  const { postgresUrl } = await testStack()
  const databasePrefix = sharing?.databasePrefix ?? `${uniqueName()}_`
  const url = databaseUrl({ postgresUrl, databasePrefix }, 'allocation')
  await migrate('allocation', url)
  const witnesses = sharing?.witnesses ?? (await startWitnessSimulator({ seed: 1 }))
  const clock = { at: Date.now(), now: () => clock.at }
  const keys = await generateTokenKeys()
  const issuer = await createIssuer(keys)
  const kafka = createKafka({ brokers: ['127.0.0.1:9'], topicPrefix: 'unused', clientId: 'test' }, log)
  const config = {
    ...{ postgresUrl, databasePrefix, kafkaBrokers: [], topicPrefix: 'unused', topicPartitions: 1, temporalAddress: '', temporalNamespace: '' },
    ...{ idKey: 'k'.repeat(32), tokenKeys: '', host: '127.0.0.1', requestTimeoutMs: 30_000, statementTimeoutMs: 25_000, drainMs: 40_000 },
    ...{ maxClockSkewMs: 250, kafkaSessionTimeoutMs: 30_000, logLevel: 'error' as const, bulkTimeoutMs: 60_000 },
    ...{ witnesses: WITNESSES.map((name) => ({ name, baseUrl: witnesses.url })), witnessesLeast: 2, witnessTimeoutMs: 300, commitWithinMs: 60_000, revealWithinMs: 60_000 },
    ...{ secondCheck: `python3 ${VERIFIER}`, secondCheckTimeoutMs: 60_000, rehearsal: false },
    ...more,
  }
  const service = createAllocation({ config, kafka, producer: createProducer(kafka, 'unused'), clock, log })
  const server = createHttpServer({ name: 'allocation', endpoints: service.endpoints, verifier: await createVerifier(keys), log, clock, config })
  const baseUrl = await server.listen(0)
  const database = openDatabase(url, { applicationName: 'test', statementTimeoutMs: 0 })
  const pool = createPool(url, { applicationName: 'test', statementTimeoutMs: 0, max: 4 })
  const { take } = readingOf({ database })
  const told: Event[] = []
  const as = (caller: Caller): Client<typeof endpoints> => createClient(endpoints, { baseUrl, token: () => issuer.sign(caller, 600), timeoutMs: 60_000 })
  afterAll(async () => {
    await server.close()
    await service.components.find(({ name }) => name === 'allocation-database')!.stop()
    await database.$disconnect()
    await pool.end()
    if (sharing) return
    await witnesses.stop()
    const maintenance = createPool(postgresUrl, { applicationName: 'test', statementTimeoutMs: 0, max: 1 })
    await maintenance.query(`DROP DATABASE IF EXISTS "${databasePrefix}allocation" WITH (FORCE)`)
    await maintenance.end()
  })
  return {
    clock, database, databasePrefix, url, as, witnesses, told,
    sql: async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> => (await pool.query<T>(text, values)).rows,
    tell: (facts: ChildFact[]) => {
      const events = facts.map(eventOf)
      told.push(...events)
      return take(events)
    },
    guardian: (n: number) => as({ subject: guardianNo(n), role: 'guardian' }),
    school: (school: string) => as({ subject: school, role: 'school', school }),
    service: as({ subject: 'workflows', role: 'service' }),
    city: as({ subject: 'bureau', role: 'city' }),
  }
}

/** Who witnesses draws in tests. */
export const WITNESSES = ['one', 'two', 'three'] as const

/** The steps of a ceremony between freeze and publication. */
export async function decideRound({ service }: Pick<Running, 'service'>, season: string, phase: string) {
  const round = { params: { season, phase }, body: {} }
  await service.commitRound(round)
  await service.revealRound(round)
  await service.drawRound(round)
  return service.checkRound(round)
}

export type Running = Awaited<ReturnType<typeof startAllocation>>

/** A season of Changchun’s policy with a catalogue; `change` alters the calendar before it is installed. */
export async function openSeason(running: Running, season: string, catalogue: Omit<Catalogue, 'districts' | 'places'> & Partial<Pick<Catalogue, 'places'>>, change: (timeline: Timeline) => void = () => undefined, districts: Catalogue['districts'] = []) {
  const timeline = structuredClone((await loadPolicy('changchun-2022')).timeline)
  change(timeline)
  await running.service.installSeason({ params: { season }, body: { timeline } })
  await running.city.putCatalogue({ params: { season }, body: { districts: [{ id: 'nanguan', name: 'Nanguan' }, ...districts], ...catalogue } })
  return { timeline, season }
}
