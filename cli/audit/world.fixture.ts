import { Worker } from '@temporalio/worker'
import type { Kafka } from 'kafkajs'
import pg from 'pg'
import type { EndState } from '../../contracts/enrollment.js'
import type { Event } from '../../contracts/events/envelope.js'
import { waitUntil } from '../../infra/stack/wait.js'
import { enrollmentWorkflowId } from '../../contracts/workflows.js'
import { migrate, migrateStore } from '../../infra/prisma/migrate.js'
import { PLATFORM_MIGRATIONS, PLATFORM_SCHEMA } from '../../infra/prisma/stores.js'
import { createKafka, createProducer, ensureTopics, type EventProducer } from '../../platform/kafka/index.js'
import { createLog } from '../../platform/log.js'
import { databaseUrl } from '../../platform/postgres/index.js'
import { bundleWorkflows, connectWorkers, createWorkflowClient, installTemporalLog, type TemporalClient } from '../../platform/temporal/index.js'
import { freshNamespace, testStack, uniqueName } from '../../tests/support/stack.js'
import type { AuditUrls } from './audit.js'
import type { DatabaseName } from './sources/databases.js'

const NAMES: readonly DatabaseName[] = ['registration', 'verification', 'allocation', 'notification', 'console']
const log = createLog({ name: 'test', level: 'silent' })

/** The five databases, the topics and a namespace, all real and empty. */
export interface World {
  urls: AuditUrls
  kafka: Kafka
  sql(name: DatabaseName, text: string, ...values: unknown[]): Promise<unknown>
  tell(events: readonly Event[]): Promise<void>
  /** Runs a child's workflow that returns this end at once. */
  runChild(season: string, child: string, end: EndState): Promise<void>
  /** Starts a child's workflow that nobody works on. */
  startChild(season: string, child: string): Promise<void>
  destroy(): Promise<void>
}

export async function createWorld(): Promise<World> {
  installTemporalLog(log)
  const { postgresUrl, kafkaBrokers, temporalAddress } = await testStack()
  const urls: AuditUrls = {
    postgresUrl, temporalAddress,
    databasePrefix: `${uniqueName()}_`,
    kafkaBrokers: kafkaBrokers.split(','),
    topicPrefix: uniqueName(),
    temporalNamespace: await freshNamespace(),
  }
  const pools = await createDatabases(urls)
  const kafka = createKafka({ brokers: urls.kafkaBrokers, topicPrefix: urls.topicPrefix, clientId: 'test' }, log)
  await ensureTopics(kafka, { topicPrefix: urls.topicPrefix, partitions: 2 })
  const producer = createProducer(kafka, urls.topicPrefix)
  await producer.connect()
  const temporal = await createWorkflowClient(urls)
  const stopWorker = await startWorker(urls)
  return {
    urls, kafka,
    sql: (name, text, ...values) => pools.get(name)!.query(text, values),
    tell: (events) => tell(producer, events),
    runChild: (season, child, end) => runChild(temporal, season, child, end),
    startChild: async (season, child) => {
      await temporal.client.workflow.start('enrollment', { workflowId: enrollmentWorkflowId(season, child), taskQueue: 'nobody', args: [] })
    },
    destroy: async () => {
      await stopWorker()
      await Promise.all([producer.disconnect(), temporal.close(), ...[...pools.values()].map((pool) => pool.end())])
      await dropDatabases(urls)
    },
  }
}

async function createDatabases(urls: AuditUrls): Promise<Map<DatabaseName, pg.Pool>> {
  const pools = new Map<DatabaseName, pg.Pool>()
  for (const name of NAMES) {
    const url = databaseUrl(urls, name)
    if (name === 'notification') await migrateStore({ service: name, schema: PLATFORM_SCHEMA, generated: '', migrations: [PLATFORM_MIGRATIONS] }, url)
    else await migrate(name, url)
    pools.set(name, new pg.Pool({ connectionString: url, max: 2 }))
  }
  return pools
}

async function dropDatabases(urls: AuditUrls): Promise<void> {
  const client = new pg.Client({ connectionString: urls.postgresUrl })
  await client.connect()
  for (const name of NAMES) await client.query(`DROP DATABASE IF EXISTS "${urls.databasePrefix}${name}" WITH (FORCE)`)
  await client.end()
}

const tell = (producer: EventProducer, events: readonly Event[]): Promise<void> =>
  producer.send(events.map((event) => ({ topic: event.type.split('.')[2] as 'registration', event })))

async function runChild({ client }: TemporalClient, season: string, child: string, end: EndState): Promise<void> {
  const workflowId = enrollmentWorkflowId(season, child)
  await client.workflow.execute('enrollment', { workflowId, taskQueue: 'ends', args: [end] })
  // Lists are behind the workflows themselves.
  await waitUntil(`${workflowId} to be listed as completed`, async () => {
    const { count } = await client.workflow.count(`WorkflowId = "${workflowId}" AND ExecutionStatus = "Completed"`)
    if (count !== 1) throw new Error('it is not')
  })
}

async function startWorker(urls: AuditUrls): Promise<() => Promise<void>> {
  const connection = await connectWorkers(urls)
  const workflowBundle = await bundleWorkflows(new URL('./workflow.fixture.ts', import.meta.url).pathname, log)
  const worker = await Worker.create({ connection, namespace: urls.temporalNamespace, taskQueue: 'ends', workflowBundle })
  const running = worker.run()
  return async () => {
    worker.shutdown()
    await running
    await connection.close()
  }
}
