import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../infra/stack/ports.js'
import { RunningServer } from '../../infra/stack/process.js'
import { ensureTokenKeys } from '../../platform/auth.js'
import { createKafka, ensureTopics } from '../../platform/kafka/index.js'
import { createLog } from '../../platform/log.js'
import { createWorkflowClient } from '../../platform/temporal/index.js'
import { until } from '../../platform/testing/until.js'
import { WITNESSES, type Running } from '../../services/allocation/allocation.fixture.js'
import { freshNamespace, testStack, uniqueName } from '../support/stack.js'

const BIN = fileURLToPath(new URL('../../cli/bin.mjs', import.meta.url))

/** What draws depend on besides their lists: the same for every process that is to draw the same. */
export const REHEARSED = { rehearsal: true, witnessTimeoutMs: 300, commitWithinMs: 60_000, revealWithinMs: 60_000 } as const

/** The service of allocation on this database and a worker of rounds, each a process of its own. */
export async function startProcesses({ databasePrefix, witnesses }: { databasePrefix: string; witnesses: { url: string } }) {
  const { postgresUrl, kafkaBrokers, temporalAddress } = await testStack()
  const [folder, temporalNamespace, topicPrefix] = [await mkdtemp(join(tmpdir(), 'ruxue-')), await freshNamespace(), uniqueName()]
  await ensureTopics(createKafka({ brokers: kafkaBrokers.split(','), topicPrefix, clientId: 'test' }, createLog({ name: 'test', level: 'error' })), { topicPrefix, partitions: 1 })
  await ensureTokenKeys(join(folder, 'keys.json'))
  const taken = new Set<number>()
  const port = await freePort(taken)
  const healthPort = await freePort(taken.add(port))
  const url = `http://127.0.0.1:${port}`
  const env = {
    RUXUE_BOOTSTRAP: 'off', RUXUE_POSTGRES_URL: postgresUrl, RUXUE_DATABASE_PREFIX: databasePrefix, RUXUE_KAFKA_BROKERS: kafkaBrokers, RUXUE_TOPIC_PREFIX: topicPrefix,
    RUXUE_TEMPORAL_ADDRESS: temporalAddress, RUXUE_TEMPORAL_NAMESPACE: temporalNamespace, RUXUE_ID_KEY: 'k'.repeat(32), RUXUE_TOKEN_KEYS: join(folder, 'keys.json'),
    RUXUE_ALLOCATION_PORT: String(port), RUXUE_HEALTH_PORT: String(healthPort), RUXUE_KAFKA_SESSION_TIMEOUT_MS: '6000',
    RUXUE_REGISTRATION_URL: url, RUXUE_VERIFICATION_URL: url, RUXUE_ALLOCATION_URL: url, RUXUE_NOTIFICATION_URL: url,
    RUXUE_WITNESSES: WITNESSES.map((name) => `${name}=${witnesses.url}`).join(','), RUXUE_REHEARSAL: 'true',
    RUXUE_WITNESS_TIMEOUT_MS: String(REHEARSED.witnessTimeoutMs), RUXUE_COMMIT_WITHIN_MS: String(REHEARSED.commitWithinMs), RUXUE_REVEAL_WITHIN_MS: String(REHEARSED.revealWithinMs),
  }
  const start = async (name: string, at: number, ...args: string[]) => {
    const ready = async () => {
      if (!(await fetch(`http://127.0.0.1:${at}/readyz`)).ok) throw new Error(`${name} is not ready`)
    }
    const server = new RunningServer({ name, program: process.execPath, args: [BIN, ...args], env, logFile: join(folder, `${name}.log`), stopSignal: 'SIGTERM', ready }, () => undefined)
    await server.start()
    return server
  }
  const [service, worker] = await Promise.all([start('allocation', port, 'serve', '--only', 'allocation'), start('round', healthPort, 'work', '--only', 'round')])
  const temporal = await createWorkflowClient({ temporalAddress, temporalNamespace })
  const stop = async () => {
    await Promise.all([worker.stop(), service.stop(), temporal.close()])
    await rm(folder, { recursive: true })
  }
  return { service, worker, client: temporal.client, stop }
}

type Database = Pick<Running, 'sql'>

/** Waits until so many transactions of the service wait for a row that somebody else holds. */
export const waitingForRows = ({ sql }: Database, count: number) =>
  until(() => sql(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'allocation' AND wait_event_type = 'Lock'`), (found) => found.length === count)

/** What a round has given and stated, to be compared. */
export const GIVEN = [
  'SELECT season, child, revision, outcomes FROM place ORDER BY season, child',
  'SELECT season, school, ordinal, child, basis, visible, reserved_for FROM seat ORDER BY season, school, ordinal',
]
