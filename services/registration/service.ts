import type { Kafka } from 'kafkajs'
import type { Clock } from '../../platform/clock.js'
import type { BaseConfig } from '../../platform/config.js'
import { databaseCheck, type Check, type Mounted } from '../../platform/http/index.js'
import { startConsumer, type ConsumerMetrics, type EventProducer, type RunningConsumer } from '../../platform/kafka/index.js'
import type { Log } from '../../platform/log.js'
import { startRelay, type Relay } from '../../platform/outbox/index.js'
import type { Component } from '../../platform/process.js'
import { mountSeasons } from '../../platform/seasons/index.js'
import { mountRegistration } from './api/index.js'
import { identitiesOf } from './domain/identities.js'
import { freezePhase } from './events/close.js'
import { decodeOthers, takeEvents } from './events/consume.js'
import { closeDatabase, openDatabase, type Database, type Tx } from './store/database.js'

/** What this service needs of the configuration besides the common keys: nothing. */
export const registrationConfig = {} as const

export interface RegistrationDeps {
  config: BaseConfig
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

/** Who asks: roster, forms, amendments, twins, withdrawal. */
export function createRegistration(deps: RegistrationDeps): Service {
  const { config, clock } = deps
  const database = openDatabase(config)
  return {
    endpoints: [
      ...mountSeasons<Tx>({
        database: database.prisma, owner: 'registration', drainMs: config.drainMs,
        onClose: (tx, season, phase) => freezePhase(tx, season, phase),
      }),
      ...mountRegistration({ database, ids: identitiesOf(config.idKey) }),
    ],
    components: [
      { name: 'registration-database', start: () => database.prisma.$connect(), stop: () => closeDatabase(database) },
      relay(deps, database),
      consumer(deps, database),
    ],
    readiness: [databaseCheck(database.prisma, clock, config.maxClockSkewMs)],
  }
}

function relay({ producer, log }: RegistrationDeps, { pool }: Database): Component {
  let running: Relay | undefined
  return {
    name: 'registration-relay',
    start: async () => { running = startRelay({ pool, producer, log }) },
    stop: async () => running?.stop(),
  }
}

function consumer({ config, kafka, producer, log, consumerMetrics }: RegistrationDeps, database: Database): Component {
  let running: RunningConsumer | undefined
  return {
    name: 'registration-consumer',
    start: async () => {
      running = await startConsumer({
        kafka, producer, log,
        topicPrefix: config.topicPrefix, group: 'registration', topics: ['verification', 'allocation'],
        handleBatch: takeEvents(database), decode: decodeOthers,
        sessionTimeoutMs: config.kafkaSessionTimeoutMs,
        ...(consumerMetrics && { metrics: consumerMetrics }),
      })
    },
    stop: async () => running?.stop(),
  }
}
