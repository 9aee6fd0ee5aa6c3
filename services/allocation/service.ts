import type { Kafka } from 'kafkajs'
import { z } from 'zod'
import type { Clock } from '../../platform/clock.js'
import type { BaseConfig } from '../../platform/config.js'
import { databaseCheck, type Check, type Mounted } from '../../platform/http/index.js'
import { startConsumer, type ConsumerMetrics, type EventProducer, type RunningConsumer } from '../../platform/kafka/index.js'
import type { Log } from '../../platform/log.js'
import { startRelay, type Relay } from '../../platform/outbox/index.js'
import { createPool, databaseUrl } from '../../platform/postgres/index.js'
import type { Component } from '../../platform/process.js'
import { mountSeasons } from '../../platform/seasons/index.js'
import { allocationApi } from './api/index.js'
import { randomSeeds, rehearsalSeeds } from './domain/rounds/seed.js'
import { onClose } from './events/close.js'
import { decodeOthers, takeFacts } from './events/consume.js'
import { openDatabase, type Tx } from './store/database.js'

/** What this service needs of the configuration besides the common keys. */
export const allocationConfig = {
  /** Rehearsals only: draws follow from this and the frozen list, so that two runs can be compared. */
  rehearsalSeed: z.string().min(1).optional(),
  /** Time for what works on a whole season at once: a freeze, a decision, a close. */
  bulkTimeoutMs: z.coerce.number().int().positive().default(120_000),
} as const

const shape = z.object(allocationConfig)
export type AllocationConfig = z.output<typeof shape>

export interface AllocationDeps {
  config: BaseConfig & AllocationConfig
  kafka: Kafka
  /** Connected. */
  producer: EventProducer
  clock: Clock
  log: Log
  consumerMetrics?: ConsumerMetrics
}

export interface Service {
  endpoints: Mounted[]
  /** To be started before the endpoints are served, in this order. */
  components: Component[]
  readiness: Check[]
}

/** Who gets which place: schools and zones, choices, rounds, seats. */
export function createAllocation(deps: AllocationDeps): Service {
  const { config, clock, log } = deps
  const url = databaseUrl(config, 'allocation')
  const database = openDatabase(url, { applicationName: 'allocation', statementTimeoutMs: config.statementTimeoutMs })
  if (config.rehearsalSeed !== undefined) log.warn('draws follow from a rehearsal’s seed: not for a real season')
  const seeds = config.rehearsalSeed === undefined ? randomSeeds : rehearsalSeeds(config.rehearsalSeed)
  return {
    endpoints: [
      ...mountSeasons<Tx>({ database, owner: 'allocation', drainMs: config.drainMs, closeTimeoutMs: config.bulkTimeoutMs, onClose }),
      ...allocationApi({ database, seeds, bulkTimeoutMs: config.bulkTimeoutMs }),
    ],
    components: [
      { name: 'allocation-database', start: () => database.$connect(), stop: () => database.$disconnect() },
      relay(deps, url),
      consumer(deps, takeFacts(database)),
    ],
    readiness: [databaseCheck(database, clock, config.maxClockSkewMs)],
  }
}

function relay({ producer, log, config }: AllocationDeps, url: string): Component {
  const pool = createPool(url, { applicationName: 'allocation-relay', statementTimeoutMs: config.statementTimeoutMs, max: 2 })
  let running: Relay | undefined
  return {
    name: 'allocation-relay',
    start: async () => { running = startRelay({ pool, producer, log }) },
    stop: async () => {
      await running?.stop()
      await pool.end()
    },
  }
}

function consumer({ config, kafka, producer, log, consumerMetrics }: AllocationDeps, handleBatch: ReturnType<typeof takeFacts>): Component {
  let running: RunningConsumer | undefined
  return {
    name: 'allocation-consumer',
    start: async () => {
      running = await startConsumer({
        kafka, producer, log, handleBatch, decode: decodeOthers,
        topicPrefix: config.topicPrefix, group: 'allocation', topics: ['registration', 'verification'],
        sessionTimeoutMs: config.kafkaSessionTimeoutMs,
        ...(consumerMetrics && { metrics: consumerMetrics }),
      })
    },
    stop: async () => running?.stop(),
  }
}
