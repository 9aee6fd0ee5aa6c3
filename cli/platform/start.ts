import { join } from 'node:path'
import { ensureTokenKeys } from '../../platform/auth.js'
import { createLog } from '../../platform/log.js'
import { createKafka, ensureTopics } from '../../platform/kafka/index.js'
import { migrate } from '../../infra/prisma/migrate.js'
import { serviceStores } from '../../infra/prisma/stores.js'
import { checkPython } from '../../infra/python.js'
import { startAuthoritySimulator } from '../../infra/simulators/authority.js'
import { startMailCatcher } from '../../infra/simulators/mail-catcher.js'
import { startWitnessSimulator } from '../../infra/simulators/witness.js'
import { databaseUrl } from '../../infra/stack/addresses.js'
import { withProgress, type OnProgress } from '../../infra/stack/progress.js'
import { startStack, type Stack } from '../../infra/stack/stack.js'
import { authoritiesOfPolicies } from './authorities.js'
import { choosePlatformPorts, DATABASE_PREFIX, idKeyOf, processEnvironment, TOPIC_PREFIX, tokenKeysFile } from './environment.js'
import { launch, USUAL_PLAN, type ProcessPlan } from './launch.js'
import { targetOf, type Target } from './target.js'

export interface PlatformOptions {
  stateDir: string
  fresh?: boolean
  onProgress: OnProgress
  /** Makes the secrets of witnesses, so the draws, and the answers of authorities repeatable; only for rehearsals. */
  seed: number
  plan?: readonly ProcessPlan[]
  /** Policies besides those that come with Ruxue, by path; their authorities are simulated too. */
  policies?: readonly string[]
  /** Key of the opaque ids. @default one of the state folder's own */
  idKey?: string
}

/** A whole platform on this machine, started by this process. */
export interface Platform extends Target {
  stack: Stack
  /** Stops everything in order: the platform's processes, the simulators, the servers. */
  stop(): Promise<void>
}

/**
 * Brings up everything on this machine: servers, databases, topics, simulators of other organisations, services,
 * workers and the bridge.
 * @throws AlreadyRunningError when a platform runs on the same folder; Error when Python is missing
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { stateDir, onProgress, plan = USUAL_PLAN } = options
  const python = await checkPython()
  const whenPostgresServes = (postgresUrl: string) => withProgress(onProgress, 'databases', 'migrating', '2 s', () => migrateAll(postgresUrl))
  const stack = await startStack({ stateDir, fresh: options.fresh ?? false, onProgress, whenPostgresServes })
  const simulators: { stop(): Promise<void> }[] = []
  const stop = async () => {
    await stack.stop()
    await Promise.all(simulators.map((simulator) => simulator.stop()))
  }
  try {
    const ports = await choosePlatformPorts(stack.stateDir)
    const idKey = options.idKey ?? idKeyOf(stack.stateDir)
    await ensureTokenKeys(tokenKeysFile(stack.stateDir))
    await Promise.all([
      startAuthoritySimulator({ seed: options.seed, port: ports.authorities }).then((authorities) => simulators.push(authorities)),
      startWitnessSimulator({ seed: options.seed, port: ports.witnesses }).then((witnesses) => simulators.push(witnesses)),
      startMailCatcher({ port: ports.mail, httpPort: ports.mailbox, folder: join(stack.stateDir, 'mail') }).then((mail) => simulators.push(mail)),
      withProgress(onProgress, 'topics', 'creating', '1 s', () => createTopics(stack)),
    ])
    const env = processEnvironment({ stateDir: stack.stateDir, stack, ports, idKey, python, authorities: await authoritiesOfPolicies(options.policies) })
    await launch(stack, plan, ports, env)
    const target = await targetOf(stack.stateDir, stack, ports, idKey)
    return { ...target, stack, pids: () => ({ start: process.pid, ...stack.pids() }), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function migrateAll(postgresUrl: string): Promise<void> {
  await Promise.all(serviceStores().map(({ service }) => migrate(service, databaseUrl(postgresUrl, `${DATABASE_PREFIX}${service}`))))
}

async function createTopics(stack: Stack): Promise<void> {
  const log = createLog({ name: 'start', level: 'warn' })
  const kafka = createKafka({ brokers: stack.kafkaBrokers.split(','), topicPrefix: TOPIC_PREFIX, clientId: 'ruxue-start' }, log)
  await ensureTopics(kafka, { topicPrefix: TOPIC_PREFIX, partitions: 6 })
}
