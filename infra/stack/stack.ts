import { mkdirSync, realpathSync } from 'node:fs'

import { prepareKafka } from '../kafka/server.js'
import { kafkaServes } from '../kafka/ready.js'
import { preparePostgres } from '../postgres/server.js'
import { prepareNamespace } from '../temporal/namespace.js'
import { prepareTemporal } from '../temporal/server.js'
import { databaseUrl, givenAddresses, type StackAddresses } from './addresses.js'
import { recordServers, startGuard, stopLeftovers } from './pids.js'
import { choosePorts, type Ports } from './ports.js'
import { RunningServer, stopOrder, type OnChange, type ServerProcess, type ServerSpec } from './process.js'
import type { OnProgress } from './progress.js'
import { claimState, publishAddresses, rememberPorts, rememberedPorts, removeState, withdrawAddresses } from './state.js'
import { waitUntil } from './wait.js'

/** What {@link startStack} needs to know. */
export interface StackOptions {
  /** Folder of all data, logs and notes of this stack; created when missing. */
  readonly stateDir: string
  /** Removes the data of earlier runs first. @default false */
  readonly fresh?: boolean
  /** Ports that must be these. */
  readonly ports?: Partial<Ports>
  readonly onProgress?: OnProgress
  /** Where addresses of servers that are not ours are looked up. @default process.env */
  readonly env?: NodeJS.ProcessEnv
  /** Done as soon as PostgreSQL serves, beside the start of the others; the stack is up when this is done too. */
  readonly whenPostgresServes?: (postgresUrl: string) => Promise<void>
}

/** The three servers, running. */
export interface Stack extends StackAddresses {
  readonly stateDir: string
  /** @returns the superuser's address of a database, which need not exist yet. */
  databaseUrl(database: string): string
  /**
   * A server or process of ours, to be killed and restarted.
   *
   * @throws Error when it was given by its address and is not ours
   */
  server(name: string): ServerProcess
  /** Starts a further process that stands on the servers, and waits until it serves; it is stopped before them. */
  run(spec: ServerSpec): Promise<ServerProcess>
  /** Process ids of what runs and is ours, by name. */
  pids(): Record<string, number>
  /** Stops our processes in order: the further ones, the last started first, then Temporal, Kafka, PostgreSQL. */
  stop(): Promise<void>
}

/**
 * Brings up PostgreSQL, Kafka and Temporal side by side and waits until each serves.
 * Servers whose address is in the environment are used as they are.
 *
 * @throws AlreadyRunningError when a stack runs on the same folder
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const onProgress = options.onProgress ?? (() => undefined)
  mkdirSync(options.stateDir, { recursive: true })
  const stateDir = realpathSync(options.stateDir)
  const release = await claimState(stateDir)
  const servers = new Map<string, RunningServer>()
  let dismissGuard = () => {}
  const stop = async () => {
    withdrawAddresses(stateDir)
    for (const name of stopOrder(servers.keys())) await servers.get(name)?.stop()
    dismissGuard()
    await release()
  }
  try {
    await stopLeftovers(stateDir, onProgress)
    if (options.fresh) await removeState(stateDir)
    const ports = await choosePorts(options.ports ?? {}, rememberedPorts(stateDir))
    rememberPorts(stateDir, ports)
    const record = recordServers(stateDir)
    dismissGuard = startGuard(stateDir)
    const run = runner(servers, record, onProgress)
    const addresses = await startAll(stateDir, ports, onProgress, run, givenAddresses(options.env), options.whenPostgresServes)
    publishAddresses(stateDir, addresses)
    return { ...addresses, stateDir, databaseUrl: (name) => databaseUrl(addresses.postgresUrl, name), server: (name) => find(servers, name), run, pids: () => pidsOf(servers), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function runner(servers: Map<string, RunningServer>, record: OnChange, onProgress: OnProgress): Stack['run'] {
  return async (spec) => {
    const server = new RunningServer(spec, record)
    servers.set(spec.name, server)
    const startedAt = Date.now()
    await server.start()
    onProgress({ part: spec.name, message: `serves after ${((Date.now() - startedAt) / 1000).toFixed(1)} s` })
    return server
  }
}

async function startAll(
  stateDir: string,
  ports: Ports,
  onProgress: OnProgress,
  run: Stack['run'],
  given: ReturnType<typeof givenAddresses>,
  whenPostgresServes: StackOptions['whenPostgresServes'],
): Promise<StackAddresses> {
  const postgres = async () => {
    if (given.postgresUrl !== undefined) return given.postgresUrl
    const { spec, url } = await preparePostgres(stateDir, ports.postgres, onProgress)
    await run(spec)
    return url
  }
  const database = async () => {
    const url = await postgres()
    await whenPostgresServes?.(url)
    return url
  }
  const kafka = async () => {
    if (given.kafkaBrokers !== undefined) return reached(given.kafkaBrokers, kafkaServes)
    const { spec, brokers } = await prepareKafka(stateDir, ports, onProgress)
    await run(spec)
    return brokers
  }
  const temporal = async () => {
    if (given.temporalAddress !== undefined) return { address: await reached(given.temporalAddress, prepareNamespace) }
    const prepared = await prepareTemporal(stateDir, ports, onProgress)
    await run(prepared.spec)
    return prepared
  }
  const [postgresUrl, kafkaBrokers, { address, ...web }] = await allSettledOrThrow([database(), kafka(), temporal()] as const)
  const urls = 'uiUrl' in web ? { temporalUiUrl: web.uiUrl, temporalMetricsUrl: web.metricsUrl } : {}
  return { postgresUrl, kafkaBrokers, temporalAddress: address, ...urls }
}

async function reached(address: string, ready: (address: string) => Promise<void>): Promise<string> {
  await waitUntil(`${address} to serve`, () => ready(address))
  return address
}

// A failure must not leave a server behind that only starts later.
async function allSettledOrThrow<const T extends readonly Promise<unknown>[]>(work: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work)
  return (await Promise.all(work)) as { -readonly [K in keyof T]: Awaited<T[K]> }
}

function pidsOf(servers: ReadonlyMap<string, RunningServer>): Record<string, number> {
  return Object.fromEntries([...servers].filter(([, server]) => server.running).map(([name, server]) => [name, server.pid]))
}

function find(servers: ReadonlyMap<string, RunningServer>, name: string): ServerProcess {
  const server = servers.get(name)
  if (server === undefined) throw new Error(`${name} was given by its address and is not ours to stop`)
  return server
}
