import { Counter, type Registry } from 'prom-client'
import { z } from 'zod'
import { registrationEndpoints } from '../../contracts/http/registration.js'
import type { BaseConfig } from '../../platform/config.js'
import { createClient, databaseCheck } from '../../platform/http/index.js'
import { learnerComponent } from '../../platform/facts/index.js'
import { relayComponent } from '../../platform/outbox/index.js'
import { databaseUrl } from '../../platform/postgres/index.js'
import type { Component } from '../../platform/process.js'
import { mountSeasons } from '../../platform/seasons/index.js'
import type { Service, ServiceDeps } from '../../platform/service.js'
import { issuePaper } from './api/issue-paper.js'
import { listMessages } from './api/list-messages.js'
import { listPapers } from './api/list-papers.js'
import { readPaper } from './api/read-paper.js'
import { announcer } from './events/announcer.js'
import { emailChannel } from './events/channels/email.js'
import { smsFileChannel } from './events/channels/sms-file.js'
import { readingOfOthers } from './events/consume.js'
import { sender, type SenderOptions } from './events/sender.js'
import { openDatabase, type Database, type Tx } from './store/database.js'
import { Timelines } from '../../platform/windows/index.js'

const ms = (byDefault: number) => z.coerce.number().int().positive().default(byDefault)

/** What this service needs of the configuration besides the common keys. */
export const notificationConfig = {
  /** Registration's address, for asking whom to tell. */
  registrationUrl: z.url(),
  /** `smtp://user:password@host:port`, or `smtps://`. */
  smtpUrl: z.url({ protocol: /^smtps?$/ }),
  /** The bureau's e-mail address. */
  mailFrom: z.email().default('admission@ruxue.invalid'),
  /** File that stands for the SMS carrier: a line of JSON for each message. */
  smsFile: z.string().min(1),
  mailTimeoutMs: ms(10_000),
  messageConcurrency: z.coerce.number().int().min(1).max(256).default(8),
  /** Attempts before a message is given up, and the wait after the first, doubled each time up to the longest. */
  messageAttempts: z.coerce.number().int().min(1).max(50).default(10),
  messageRetryMs: ms(1_000),
  messageLongestRetryMs: ms(300_000),
} as const

const shape = z.object(notificationConfig)
export type NotificationConfig = z.output<typeof shape>
export type NotificationDeps = ServiceDeps & { config: BaseConfig & NotificationConfig }

const POLL_MS = 500

/** Telling people: notices, letters, e-mail, SMS. */
export function createNotification(deps: NotificationDeps): Service {
  const { config, clock } = deps
  const url = databaseUrl(config, 'notification')
  const database = openDatabase(url, { applicationName: 'notification', statementTimeoutMs: config.statementTimeoutMs })
  const timelines = new Timelines(database)
  const registration = createClient(registrationEndpoints, { baseUrl: config.registrationUrl, token: deps.token, timeoutMs: config.requestTimeoutMs })
  const options = senderOptions(deps, { database, timelines, registration })
  const sending = sender(options)
  const room = { database, timelines, registration, wakeSender: () => sending.wake() }
  return {
    endpoints: [
      ...mountSeasons<Tx>({ database, owner: 'notification', drainMs: config.drainMs }),
      issuePaper(room), listPapers(room), readPaper(room), listMessages(room),
    ],
    components: [
      databaseComponent(database),
      relayComponent('notification', deps),
      learnerComponent('notification', ['registration', 'verification', 'allocation', 'enrollment', 'season'], deps, readingOfOthers({ database, timelines, clock })),
      { name: 'notification-channels', start: async () => undefined, stop: async () => { for (const channel of options.channels) await channel.stop() } },
      sending,
      announcer({ database, clock, log: deps.log, pollMs: POLL_MS }),
    ],
    readiness: [databaseCheck(database, clock, config.maxClockSkewMs)],
  }
}

function senderOptions({ config, clock, log, registry }: NotificationDeps, rest: Pick<SenderOptions, 'database' | 'timelines' | 'registration'>): SenderOptions {
  const { smtpUrl, mailFrom, messageConcurrency, mailTimeoutMs } = config
  return {
    ...rest, clock, log,
    channels: [
      emailChannel({ smtpUrl, from: mailFrom, connections: messageConcurrency, timeoutMs: mailTimeoutMs }),
      smsFileChannel(config.smsFile),
    ],
    count: attemptCounter(registry),
    retry: { attempts: config.messageAttempts, firstMs: config.messageRetryMs, longestMs: config.messageLongestRetryMs },
    concurrency: messageConcurrency,
    pollMs: POLL_MS,
    leaseMs: config.requestTimeoutMs + config.statementTimeoutMs + 3 * mailTimeoutMs,
  }
}

/** `result="failed"` is an alarm: a family was not told. */
function attemptCounter(registry: Registry): SenderOptions['count'] {
  const attempts = new Counter({
    name: 'ruxue_message_attempts_total',
    help: 'What came of each attempt to send a message; failed: given up, a family was not told',
    labelNames: ['channel', 'result'],
    registers: [registry],
  })
  return (channel, result) => attempts.inc({ channel, result })
}

const databaseComponent = (database: Database): Component => ({
  name: 'notification-database',
  start: () => database.$connect(),
  stop: () => database.$disconnect(),
})
