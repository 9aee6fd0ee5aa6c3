import type { Plans } from '../../infra/simulators/authority.js'
import { loadPolicy } from '../../policies/load.js'
import { opaqueId } from '../../platform/crypto.js'
import { auditSeason, type AuditUrls } from '../audit/audit.js'
import { historyFigures } from '../audit/history.js'
import type { AuditReport } from '../audit/report.js'
import { ledgerFile, type Target } from '../platform/target.js'
import type { StackAddresses } from '../../infra/stack/addresses.js'
import { DATABASE_PREFIX, LOCAL_TIMES, TOPIC_PREFIX } from '../platform/environment.js'
import { connect } from './actors/stage.js'
import { castFamilies } from './casts/cast.js'
import type { Family } from './families.js'
import { simulateIdentityProvider } from './identity.js'
import { openLedger } from './ledger.js'
import { rehearse, type RehearsalResult } from './rehearse.js'
import { watchUsage } from './usage.js'

export interface RehearsalRequest {
  /** Policy id, or a path of a policy file. */
  policy: string
  children: number
  seconds?: number
  seed: number
  signal: AbortSignal
}

/** What `--json` writes. */
export interface RehearsalReport extends RehearsalResult {
  policy: string
  audit: AuditReport
  historyEvents: { median: number; p99: number; max: number }
  /** Largest resident memory by process (MiB). */
  peakMemoryMb: Record<string, number>
  /** Processor time by process since it started (s). */
  cpuSeconds: Record<string, number>
}

/**
 * Rehearses a policy on a platform of this machine and audits the season afterwards.
 * @throws PolicyFaultsError, NoCastError, TooFewChildrenError, CompressionError for too few seconds
 */
export async function rehearsePolicy(platform: Target, request: RehearsalRequest): Promise<RehearsalReport> {
  const { timeline } = await loadPolicy(request.policy)
  const cast = castFamilies(timeline, request.children, request.seed)
  const watch = watchUsage(platform.pids)
  const season = await freeSeasonId(platform, timeline.policy.id)
  const ledgerPath = ledgerFile(platform.stateDir, season)
  const ledger = openLedger(ledgerPath)
  try {
    await planAuthorities(platform, cast.families)
    const result = await rehearse({
      season, timeline, cast, ledger,
      seed: request.seed,
      ...(request.seconds !== undefined && { seconds: request.seconds }),
      drainMs: LOCAL_TIMES.drainMs + LOCAL_TIMES.graceMs + LOCAL_TIMES.spreadMs,
      addresses: platform.addresses,
      identity: identityOf(platform, season),
      show: true,
      signal: request.signal,
    })
    await ledger.close()
    const urls = auditUrls(platform.stack)
    const [audit, historyEvents] = await Promise.all([
      auditSeason({ season, urls, ledger: ledgerPath, signal: request.signal }),
      historyFigures({ season, urls }),
    ])
    const usage = Object.entries(await watch.read())
    return {
      policy: timeline.policy.id, ...result, audit, historyEvents,
      peakMemoryMb: Object.fromEntries(usage.map(([name, { peakMemoryMb }]) => [name, peakMemoryMb])),
      cpuSeconds: Object.fromEntries(usage.map(([name, { cpuSeconds }]) => [name, cpuSeconds])),
    }
  } finally {
    watch.stop()
  }
}

/** Where the audit reads what a local platform has stored. */
export const auditUrls = (stack: StackAddresses): AuditUrls => ({
  postgresUrl: stack.postgresUrl,
  databasePrefix: DATABASE_PREFIX,
  kafkaBrokers: stack.kafkaBrokers.split(','),
  topicPrefix: TOPIC_PREFIX,
  temporalAddress: stack.temporalAddress,
  temporalNamespace: 'default',
})

/** Tells the simulated authorities which family is to get which answer. */
async function planAuthorities({ ports }: Target, families: readonly Family[]): Promise<void> {
  const plan: Plans = Object.fromEntries(families.map(({ person, script }) => [person.idNumber, script.authorities]))
  const answer = await fetch(`http://127.0.0.1:${ports.authorities}/simulator/plan`, {
    method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(plan),
  })
  if (!answer.ok) throw new Error(`the simulated authorities took no plan: ${answer.status}`)
}

const identityOf = (platform: Target, season: string) =>
  simulateIdentityProvider(platform.issuer, (idNumber) => opaqueId('g', platform.idKey, season, idNumber))

/** The policy's id, or with the next number where this platform has already had such a season. */
async function freeSeasonId(platform: Target, policy: string): Promise<string> {
  const identity = identityOf(platform, policy)
  const token = await identity.staff({ subject: 'bureau', role: 'city' })
  const { seasons } = await connect(platform.addresses).console.listSeasons({ token })
  const taken = new Set(seasons.map(({ season }) => season))
  let id = policy
  for (let number = 2; taken.has(id); number++) id = `${policy}-${number}`
  return id
}
