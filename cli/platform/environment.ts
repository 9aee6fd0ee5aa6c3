import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StackAddresses } from '../../infra/stack/addresses.js'
import { VERIFIER } from '../../services/allocation/checking/second-opinion.js'
import { freePort, isPortFree } from '../../infra/stack/ports.js'
import type { Addresses } from '../rehearsal/actors/stage.js'

/** Everything of ours that listens, in the order in which it is told to people. */
export const LISTENERS = ['registration', 'verification', 'allocation', 'notification', 'console', 'workers', 'bridge', 'authorities', 'witnesses', 'mail', 'mailbox'] as const
export type Listener = (typeof LISTENERS)[number]
export type ListenerPorts = Record<Listener, number>

/**
 * Technical times of a local platform (ms): requests and statements are cut off early, so that little has to be waited
 * for after a close.
 */
export const LOCAL_TIMES = { requestTimeoutMs: 1_500, statementTimeoutMs: 1_300, drainMs: 1_700, graceMs: 300, resultGraceMs: 5_000, spreadMs: 300 } as const

/** Who witnesses local draws: one simulator stands for all. */
const WITNESSES = ['公证处', '家长代表', '纪检组'] as const

export const portsFile = (stateDir: string): string => join(stateDir, 'platform-ports.json')

/** Names of a local platform's databases and topics begin so. */
export const DATABASE_PREFIX = 'ruxue_'
export const TOPIC_PREFIX = 'ruxue'

/** The ports of the last run where they are still free, else free ones; remembered in the state folder. */
export async function choosePlatformPorts(stateDir: string): Promise<ListenerPorts> {
  const file = portsFile(stateDir)
  const remembered = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<ListenerPorts>) : {}
  const taken = new Set<number>()
  const ports: Partial<ListenerPorts> = {}
  for (const name of LISTENERS) {
    const before = remembered[name]
    const port = before !== undefined && !taken.has(before) && (await isPortFree(before)) ? before : await freePort(taken)
    taken.add(port)
    ports[name] = port
  }
  writeFileSync(file, `${JSON.stringify(ports, null, 2)}\n`)
  return ports as ListenerPorts
}

/** The platform's id key: made once for a state folder and kept with its data, since the ids depend on it. */
export function idKeyOf(stateDir: string): string {
  const file = join(stateDir, 'id-key')
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' })
  return readFileSync(file, 'utf8').trim()
}

export const tokenKeysFile = (stateDir: string): string => join(stateDir, 'token-keys.json')

const url = (port: number): string => `http://127.0.0.1:${port}`

/** Where the public APIs are. */
export const addressesOf = (ports: ListenerPorts): Addresses => ({
  registration: url(ports.registration),
  verification: url(ports.verification),
  allocation: url(ports.allocation),
  console: url(ports.console),
})

export interface LocalEnvironment {
  stateDir: string
  stack: StackAddresses
  ports: ListenerPorts
  idKey: string
  /** The Python that checks draws. */
  python: string
  /** Names of the authorities that are simulated. */
  authorities: readonly string[]
}

/** The configuration of our processes as environment variables. */
export function processEnvironment({ stateDir, stack, ports, idKey, python, authorities }: LocalEnvironment): Record<string, string> {
  return {
    RUXUE_BOOTSTRAP: 'off',
    RUXUE_POSTGRES_URL: stack.postgresUrl,
    RUXUE_KAFKA_BROKERS: stack.kafkaBrokers,
    RUXUE_TEMPORAL_ADDRESS: stack.temporalAddress,
    RUXUE_ID_KEY: idKey,
    RUXUE_TOKEN_KEYS: tokenKeysFile(stateDir),
    RUXUE_KAFKA_SESSION_TIMEOUT_MS: '6000',
    RUXUE_REQUEST_TIMEOUT_MS: String(LOCAL_TIMES.requestTimeoutMs),
    RUXUE_STATEMENT_TIMEOUT_MS: String(LOCAL_TIMES.statementTimeoutMs),
    RUXUE_DRAIN_MS: String(LOCAL_TIMES.drainMs),
    RUXUE_GRACE_MS: String(LOCAL_TIMES.graceMs),
    RUXUE_RESULT_GRACE_MS: String(LOCAL_TIMES.resultGraceMs),
    RUXUE_SPREAD_MS: String(LOCAL_TIMES.spreadMs),
    RUXUE_PUBLISH_PAUSE_MS: '50',
    RUXUE_STARTS_PER_SECOND: '200',
    RUXUE_REGISTRATION_PORT: String(ports.registration),
    RUXUE_VERIFICATION_PORT: String(ports.verification),
    RUXUE_ALLOCATION_PORT: String(ports.allocation),
    RUXUE_NOTIFICATION_PORT: String(ports.notification),
    RUXUE_CONSOLE_PORT: String(ports.console),
    RUXUE_REGISTRATION_URL: url(ports.registration),
    RUXUE_VERIFICATION_URL: url(ports.verification),
    RUXUE_ALLOCATION_URL: url(ports.allocation),
    RUXUE_NOTIFICATION_URL: url(ports.notification),
    RUXUE_AUTHORITIES: authorities.map((name) => `${name}=${url(ports.authorities)}/${name}`).join(','),
    RUXUE_SMTP_URL: `smtp://127.0.0.1:${ports.mail}`,
    RUXUE_SMS_FILE: join(stateDir, 'sms.jsonl'),
    RUXUE_LOG_LEVEL: process.env['RUXUE_LOG_LEVEL'] ?? 'info',
    RUXUE_WITNESSES: WITNESSES.map((name) => `${name}=${url(ports.witnesses)}`).join(','),
    RUXUE_WITNESS_TIMEOUT_MS: '1000',
    RUXUE_SECOND_CHECK: process.env['RUXUE_SECOND_CHECK'] ?? `${python} ${VERIFIER}`,
    RUXUE_REHEARSAL: 'true',
  }
}
