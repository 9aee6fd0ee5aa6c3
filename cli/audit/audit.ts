import type { Timeline } from '../../policies/timeline.js'
import { createKafka } from '../../platform/kafka/index.js'
import { createLog, type Log } from '../../platform/log.js'
import { createWorkflowClient } from '../../platform/temporal/index.js'
import { checkAgreement } from './checks/agreement.js'
import { checkApprovals } from './checks/approvals.js'
import { checkDeadlines } from './checks/deadlines.js'
import { checkEnds } from './checks/ends.js'
import { checkLost } from './checks/lost.js'
import { checkRounds } from './checks/rounds.js'
import { checkSeats } from './checks/seats.js'
import type { Check, Evidence, Sources } from './evidence.js'
import { isClosed, waitForQuiescence } from './quiescence.js'
import type { AuditReport, Counted } from './report.js'
import { openDatabases, type Databases } from './sources/databases.js'
import { readEventLog } from './sources/event-log.js'
import { readLedger } from './sources/ledger.js'
import { readEnrollments } from './sources/workflows.js'

/** Where the platform under audit keeps things; the keys of the processes' configuration. */
export interface AuditUrls {
  postgresUrl: string
  databasePrefix: string
  kafkaBrokers: string[]
  topicPrefix: string
  temporalAddress: string
  temporalNamespace: string
}

export interface AuditOptions {
  season: string
  urls: AuditUrls
  /** File with the actors' receipts, JSON lines; without it nothing can be found lost. */
  ledger?: string
  /** How long to wait until nothing moves any more (ms). @default 60_000 */
  waitQuiescenceMs?: number
  log?: Log
  signal?: AbortSignal
}

const ALL_CHECKS: readonly Check[] = [checkSeats, checkDeadlines, checkLost, checkEnds, checkAgreement, checkRounds, checkApprovals]

/**
 * Audits a season: waits until nothing moves, reads databases, event log, workflows and the actors' ledger, and says
 * every rule that does not hold.
 * @throws Error if a source cannot be read or the season does not exist
 */
export async function auditSeason(options: AuditOptions): Promise<AuditReport> {
  return withSources(options, async (sources) => {
    const moving = await waitForQuiescence(sources, options.waitQuiescenceMs ?? 60_000, options.signal)
    const evidence = await gather(sources, options.ledger)
    const findings = []
    for (const check of ALL_CHECKS) findings.push(await check(evidence))
    const violations = [...moving, ...findings.flatMap((finding) => finding.violations)]
    const counted: Counted = { children: 0, events: 0, facts: 0, seats: 0, receipts: 0, acceptances: 0, rounds: 0, workflows: 0 }
    for (const finding of findings) Object.assign(counted, finding.counted)
    return { ok: violations.length === 0, violations, counted }
  })
}

async function gather(sources: Sources, ledger: string | undefined): Promise<Evidence> {
  const { season, databases, kafka, temporal, topicPrefix } = sources
  const [timeline, closed, log, workflows, receipts] = await Promise.all([
    readTimeline(databases, season),
    isClosed(sources),
    readEventLog(kafka, topicPrefix, season),
    readEnrollments(temporal, season),
    ledger === undefined ? [] : readLedger(ledger),
  ])
  return { ...sources, timeline, closed, log, workflows, receipts }
}

async function readTimeline(databases: Databases, season: string): Promise<Timeline> {
  const [row] = await databases.query<{ timeline: Timeline }>('allocation', 'SELECT timeline FROM platform.season WHERE id = $1', season)
  if (!row) throw new Error(`There is no season ${season} to audit`)
  return row.timeline
}

/** Opens the sources, and closes them whatever happens. */
export async function withSources<R>({ season, urls, log }: Pick<AuditOptions, 'season' | 'urls' | 'log'>, run: (sources: Sources) => Promise<R>): Promise<R> {
  const quiet = log ?? createLog({ name: 'audit', level: 'silent' })
  const databases = openDatabases(urls)
  const kafka = createKafka({ brokers: urls.kafkaBrokers, topicPrefix: urls.topicPrefix, clientId: 'ruxue-audit' }, quiet)
  const temporal = await createWorkflowClient(urls)
  try {
    return await run({ season, topicPrefix: urls.topicPrefix, databases, kafka, temporal: temporal.client })
  } finally {
    await Promise.allSettled([databases.close(), temporal.close()])
  }
}
