import { Counter, type Registry } from 'prom-client'
import { z } from 'zod'
import { registrationEndpoints } from '../../contracts/http/registration.js'
import type { BaseConfig } from '../../platform/config.js'
import { createClient, databaseCheck } from '../../platform/http/index.js'
import { learnerComponent } from '../../platform/facts/index.js'
import { relayComponent } from '../../platform/outbox/index.js'
import { databaseUrl } from '../../platform/postgres/index.js'
import { mountSeasons } from '../../platform/seasons/index.js'
import type { Service, ServiceDeps } from '../../platform/service.js'
import { decideCase } from './api/decide-case.js'
import { explainChild } from './api/explain-child.js'
import { getCase } from './api/get-case.js'
import { listCases } from './api/list-cases.js'
import { openCases } from './api/open-cases.js'
import { refuseUnknownAuthorities } from './domain/authorities.js'
import { atClose } from './domain/case.js'
import { inquiries } from './events/authorities/inquiries.js'
import { httpAuthority } from './events/authorities/authority.js'
import { readingOfOthers } from './events/consume.js'
import { closeCases } from './store/cases.js'
import { openDatabase, type Tx } from './store/database.js'
import { CaseTimelines } from './store/timelines.js'

const NAME_AND_URL = 'each authority is name=url'
/** `police=https://…,property-registry=https://…` as addresses by name. */
const authorities = z.string().default('')
  .transform((text) => text.split(',').map((item) => item.trim()).filter(Boolean).map((item) => item.split(/=(.*)/, 2)))
  .pipe(z.array(z.tuple([z.string().regex(/^[a-z0-9][a-z0-9-]*$/, NAME_AND_URL), z.url(NAME_AND_URL)])))
  .refine((pairs) => new Set(pairs.map(([name]) => name)).size === pairs.length, 'an authority is there twice')
  .transform((pairs) => Object.fromEntries(pairs))

const ms = (byDefault: number) => z.coerce.number().int().positive().default(byDefault)

/** What this service needs of the configuration besides the common keys. */
export const verificationConfig = {
  /** Registration's address, for asking who a child is. */
  registrationUrl: z.url(),
  /** Interfaces of authorities, or their simulator, by the names that policies give them. */
  authorities,
  /** After which an authority counts as not answering and is asked again. */
  authorityTimeoutMs: ms(2_000),
  authorityConcurrency: z.coerce.number().int().min(1).max(256).default(16),
  /** Wait before an authority is asked again, doubled each time up to the longest. */
  authorityRetryMs: ms(500),
  authorityLongestRetryMs: ms(15_000),
} as const

const shape = z.object(verificationConfig)
export type VerificationConfig = z.output<typeof shape>

export type VerificationDeps = ServiceDeps & { config: BaseConfig & VerificationConfig }

/** Is it true: authority checks, school review, district decision. */
export function createVerification(deps: VerificationDeps): Service {
  const { config, clock, log } = deps
  const options = { applicationName: 'verification', statementTimeoutMs: config.statementTimeoutMs }
  const url = databaseUrl(config, 'verification')
  const database = openDatabase(url, options)
  const timelines = new CaseTimelines(database)
  const asking = inquiries({
    database, timelines, clock, log,
    authorities: Object.entries(config.authorities).map(([name, address]) => httpAuthority(name, address, config.authorityTimeoutMs)),
    registration: createClient(registrationEndpoints, { baseUrl: config.registrationUrl, token: deps.token, timeoutMs: config.requestTimeoutMs }),
    count: answerCounter(deps.registry),
    concurrency: config.authorityConcurrency,
    pollMs: POLL_MS,
    leaseMs: config.requestTimeoutMs + config.authorityTimeoutMs + config.statementTimeoutMs,
    retryMs: config.authorityRetryMs,
    longestRetryMs: config.authorityLongestRetryMs,
  })
  const room = { database, timelines, wakeInquiries: () => asking.wake() }
  return {
    endpoints: [
      ...mountSeasons<Tx>({
        database, owner: 'verification', drainMs: config.drainMs,
        onInstall: async (_tx, _season, timeline) => {
          const refused = refuseUnknownAuthorities(timeline, Object.keys(config.authorities))
          if (refused) throw refused
        },
        onClose: (tx, season, phase, timeline) => closeCases(tx, season, phase, atClose(kindOf(timeline.phases, phase))),
      }),
      openCases(room), listCases(room), getCase(room), decideCase(room), explainChild(room),
    ],
    components: [
      { name: 'verification-database', start: () => database.$connect(), stop: () => database.$disconnect() },
      relayComponent('verification', deps),
      learnerComponent('verification', ['registration', 'allocation'], deps, readingOfOthers(database)),
      asking,
    ],
    readiness: [databaseCheck(database, clock, config.maxClockSkewMs)],
  }
}

const POLL_MS = 250

const kindOf = (phases: readonly { id: string; kind: string }[], id: string): 'check' | 'review' =>
  phases.find((phase) => phase.id === id)?.kind === 'check' ? 'check' : 'review'

function answerCounter(registry: Registry): (authority: string, result: string) => void {
  const asked = new Counter({
    name: 'ruxue_authority_answers_total',
    help: 'What came of asking an authority: an answer, or why there was none',
    labelNames: ['authority', 'result'],
    registers: [registry],
  })
  return (authority, result) => asked.inc({ authority, result })
}
