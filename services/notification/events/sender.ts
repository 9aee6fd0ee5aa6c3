import type { Clock } from '../../../platform/clock.js'
import { factOf } from '../../../platform/facts/index.js'
import { withIds, type Log } from '../../../platform/log.js'
import { createPoller, type Poller } from '../../../platform/poller.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import type { Channel } from '../domain/paper.js'
import { nextAttempt, type RetryTerms } from '../domain/retry.js'
import type { Database } from '../store/database.js'
import { claimMessages, endMessage, giveBackMessage, postponeMessage, type DueMessage } from '../store/messages.js'
import { readByNumber } from '../store/papers.js'
import type { Timelines } from '../store/timelines.js'
import { Undeliverable, type MessageChannel } from './channels/channel.js'
import { peopleFor, reachOf, recipientOf, type PeopleClient, type Person } from './people.js'
import { tellMessage } from './publish.js'
import { renderingOf } from './rendering.js'

export interface SenderOptions {
  database: Database
  timelines: Timelines
  channels: readonly MessageChannel[]
  registration: PeopleClient
  clock: Clock
  log: Log
  /** Counts what came of each attempt. */
  count(channel: Channel, result: 'sent' | 'again' | 'failed' | 'skipped'): void
  retry: RetryTerms
  /** Messages under way at once. */
  concurrency: number
  pollMs: number
  /** How long whoever takes a message has it, in ms; longer than sending one takes. */
  leaseMs: number
}

interface Addressed {
  message: DueMessage
  person: Person | undefined
}

/** Sends the queued messages, each until it is taken or given up. */
export function sender(options: SenderOptions): Poller {
  return createPoller<Addressed>({
    name: 'notification-sender',
    log: options.log,
    concurrency: options.concurrency,
    pollMs: options.pollMs,
    claim: async (limit) => address(options, await claimMessages(options.database, limit, options.leaseMs)),
    work: ({ message, person }) => sendOne(options, message, person),
  })
}

/** Fetches the people of several messages at once; while registration is away the messages wait, however long. */
async function address(options: SenderOptions, messages: DueMessage[]): Promise<Addressed[]> {
  const addressed: Addressed[] = []
  for (const season of new Set(messages.map((message) => message.season))) {
    const those = messages.filter((message) => message.season === season)
    try {
      const people = await peopleFor(options.registration, season, those.map(({ child }) => child), 'message')
      addressed.push(...those.map((message) => ({ message, person: people.get(message.child) })))
    } catch (error) {
      options.log.warn({ err: error, season }, 'registration does not say whom to tell')
      for (const { id } of those) await giveBackMessage(options.database, id, options.retry.firstMs, 'registration')
    }
  }
  return addressed
}

async function sendOne(options: SenderOptions, message: DueMessage, person: Person | undefined): Promise<void> {
  const { database, timelines, clock, count } = options
  const channel = options.channels.find(({ name }) => name === message.channel)
  const paper = await readByNumber(database, message.season, message.number)
  if (!channel || !paper) throw new Error(`message ${message.id} has no channel or no paper`)
  if (!person) return again(options, message, 'nobody-known')
  const to = channel.addressOf(reachOf(person))
  if (to === undefined || (await hasLeft(database, message))) {
    await inTransaction(database, (tx) => endMessage(tx, message.id, 'skipped', clock.now(), to === undefined ? 'no-address' : 'withdrawn'))
    count(message.channel, 'skipped')
    return
  }
  try {
    await channel.send(message.id, to, await renderingOf(database, timelines, paper, recipientOf(person)))
  } catch (error) {
    return error instanceof Undeliverable ? giveUp(options, message, error.message) : again(options, message, codeOf(error))
  }
  await inTransaction(database, async (tx) => {
    const at = clock.now()
    if (await endMessage(tx, message.id, 'sent', at)) await tellMessage(tx, message, at)
  })
  count(message.channel, 'sent')
}

/** Nobody writes to a family whose child has left the season; it may have died. */
const hasLeft = async (database: Database, { season, child }: DueMessage): Promise<boolean> =>
  (await factOf(database, season, child, 'withdrawal', 'withdrawal')) !== undefined

async function again(options: SenderOptions, message: DueMessage, cause: string): Promise<void> {
  const pauseMs = nextAttempt(options.retry, message.attempts)
  if (pauseMs === undefined) return giveUp(options, message, cause)
  options.count(message.channel, 'again')
  await postponeMessage(options.database, message.id, pauseMs, cause)
}

async function giveUp({ database, clock, log, count }: SenderOptions, message: DueMessage, cause: string): Promise<void> {
  await inTransaction(database, async (tx) => {
    const at = clock.now()
    if (await endMessage(tx, message.id, 'failed', at, cause)) await tellMessage(tx, message, at, cause)
  })
  count(message.channel, 'failed')
  withIds(log, { child: message.child, season: message.season }).error({ message: message.id, channel: message.channel, cause, attempts: message.attempts }, 'message given up')
}

/** A failure in a word; its text may hold an address. */
const codeOf = (error: unknown): string => {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown }
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'unknown'
}
