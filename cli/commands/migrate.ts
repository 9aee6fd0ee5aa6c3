import { Command } from 'commander'

import { migrate } from '../../infra/prisma/migrate.js'
import { serviceStores } from '../../infra/prisma/stores.js'
import { printProgress } from '../../infra/stack/progress.js'
import { waitUntil } from '../../infra/stack/wait.js'
import { prepareNamespace } from '../../infra/temporal/namespace.js'
import { baseShape, ConfigError, parseConfig } from '../../platform/config.js'
import { createKafka, ensureTopics } from '../../platform/kafka/index.js'
import { createLog } from '../../platform/log.js'
import { databaseUrl } from '../../platform/postgres/pool.js'
import { z } from 'zod'

const { postgresUrl, databasePrefix, kafkaBrokers, topicPrefix, topicPartitions, temporalAddress, temporalNamespace } = baseShape
const schema = z.object({ postgresUrl, databasePrefix, kafkaBrokers, topicPrefix, topicPartitions, temporalAddress, temporalNamespace })
type Config = z.output<typeof schema>

/** `ruxue migrate`: everything the processes expect of the servers; repeating it changes nothing. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('bring databases up to date, create missing topics, prepare the Temporal namespace; configured by RUXUE_* variables')
    .action(async () => {
      try {
        const config = parseConfig(schema)
        await Promise.all([migrateDatabases(config), createTopics(config), registerNamespace(config)])
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error
        process.stderr.write(`${error.message}\n`)
        process.exitCode = 2
      }
    })
}

async function migrateDatabases(config: Config): Promise<void> {
  for (const { service } of serviceStores()) {
    const applied = await migrate(service, databaseUrl(config, service))
    printProgress({ part: service, message: applied.length === 0 ? 'is up to date' : `applied ${applied.join(', ')}` })
  }
}

async function createTopics(config: Config): Promise<void> {
  const log = createLog({ name: 'migrate', level: 'warn' })
  const kafka = createKafka({ brokers: config.kafkaBrokers, topicPrefix: config.topicPrefix, clientId: 'ruxue-migrate' }, log)
  const created = await ensureTopics(kafka, { topicPrefix: config.topicPrefix, partitions: config.topicPartitions })
  printProgress({ part: 'topics', message: created.length === 0 ? 'are all there' : `created ${created.join(', ')}` })
}

async function registerNamespace({ temporalAddress, temporalNamespace }: Config): Promise<void> {
  await waitUntil(`Temporal's namespace ${temporalNamespace}`, () => prepareNamespace(temporalAddress, temporalNamespace), { timeoutMs: 60_000, pauseMs: 500 })
  printProgress({ part: 'temporal', message: `namespace ${temporalNamespace} is ready` })
}
