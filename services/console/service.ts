import type { Client } from '@temporalio/client'
import { z } from 'zod'
import type { BaseConfig } from '../../platform/config.js'
import { databaseCheck } from '../../platform/http/index.js'
import type { RunningConsumer } from '../../platform/kafka/index.js'
import { databaseUrl } from '../../platform/postgres/index.js'
import type { Component } from '../../platform/process.js'
import type { Service, ServiceDeps } from '../../platform/service.js'
import { consoleApi } from './api/index.js'
import { createPeople } from './api/people.js'
import { createWorkflows } from './api/workflows.js'
import { startCalendarClock } from './events/calendar-clock.js'
import { startConsumers } from './events/consume.js'
import { openDatabase, type Database } from './store/database.js'

const ms = (byDefault: number) => z.coerce.number().int().min(0).default(byDefault)

/** What this service needs of the configuration besides the common keys. */
export const consoleConfig = {
  /** Registration's address, for names on screens. */
  registrationUrl: z.url(),
  /** Technical times of the seasons started here, never compressed with a calendar. */
  graceMs: ms(2_000),
  spreadMs: ms(60_000),
  publishBatch: z.coerce.number().int().min(1).max(10_000).default(200),
  publishPauseMs: ms(1_000),
} as const

const shape = z.object(consoleConfig)
export type ConsoleConfig = z.output<typeof shape>

export interface ConsoleDeps extends ServiceDeps {
  config: BaseConfig & ConsoleConfig
  /** Of the workflows' namespace. */
  temporal: Client
}

/** What people see: the projection of all topics, and the commands of the screens. */
export function createConsole(deps: ConsoleDeps): Service {
  const { config, clock, log } = deps
  const options = { applicationName: 'console', statementTimeoutMs: config.statementTimeoutMs }
  const database = openDatabase(databaseUrl(config, 'console'), options)
  const { drainMs, graceMs, spreadMs, publishBatch, publishPauseMs } = config
  return {
    endpoints: consoleApi({
      database, clock, log,
      producer: deps.producer,
      workflows: createWorkflows(deps.temporal, { drainMs, graceMs, spreadMs, publishBatch, publishPauseMs }),
      people: createPeople({ registrationUrl: config.registrationUrl, token: deps.token, log }),
    }),
    components: [
      { name: 'console-database', start: () => database.$connect(), stop: () => database.$disconnect() },
      projection(deps, database),
      calendarClock(deps, database),
    ],
    readiness: [databaseCheck(database, clock, config.maxClockSkewMs)],
  }
}

function projection({ config, kafka, producer, log, consumerMetrics }: ConsoleDeps, database: Database): Component {
  let running: RunningConsumer[] = []
  return {
    name: 'console-projection',
    start: async () => {
      running = await startConsumers({
        database, kafka, producer, log,
        topicPrefix: config.topicPrefix,
        sessionTimeoutMs: config.kafkaSessionTimeoutMs,
        metrics: consumerMetrics,
      })
    },
    stop: async () => {
      await Promise.all(running.map((consumer) => consumer.stop()))
    },
  }
}

function calendarClock({ clock, log }: ConsoleDeps, database: Database): Component {
  let running: ReturnType<typeof startCalendarClock> | undefined
  return {
    name: 'console-calendar-clock',
    start: async () => { running = startCalendarClock({ database, clock, log }) },
    stop: async () => running?.stop(),
  }
}
