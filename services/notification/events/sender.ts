import type { Clock } from '../../../platform/clock.js'
import { withIds, type Log } from '../../../platform/log.js'
import { createPoller, type Poller } from '../../../platform/poller.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import type { Channel } from '../domain/paper.js'
import { nextAttempt, type RetryTerms } from '../domain/retry.js'
import type { Database } from '../store/database.js'
import { claimMessages, endMessage, postponeMessage, type DueMessage } from '../store/messages.js'
import type { Timelines } from '../../../platform/windows/index.js'
import { Undeliverable, type MessageChannel } from './channels/channel.js'
import { prepare, type Letter } from './letters.js'
import { reachOf, recipientOf, type PeopleClient } from './people.js'
import { tellMessage } from './publish.js'

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

/** Sends the queued messages, each until it is taken or given up. */
export function sender(options: SenderOptions): Poller {
  return createPoller<Letter>({
    name: 'notification-sender',
    log: options.log,
    concurrency: options.concurrency,
    pollMs: options.pollMs,
    claim: async (limit) =>
      prepare({ ...options, pauseMs: options.retry.firstMs }, await claimMessages(options.database, limit, options.leaseMs)),
    work: (letter) => sendOne(options, letter),
  })
}

async function sendOne(options: SenderOptions, { message, content, person, left }: Letter): Promise<void> {
  const channel = options.channels.find(({ name }) => name === message.channel)
  if (!channel) throw new Error(`message ${message.id} has no channel`)
  if (!person) return again(options, message, 'nobody-known')
  const to = channel.addressOf(reachOf(person))
  if (left) return skip(options, message, 'withdrawn')
  if (to === undefined) return skip(options, message, 'no-address')
  try {
    await channel.send(message.id, to, { ...content, recipient: recipientOf(person) })
  } catch (error) {
    return error instanceof Undeliverable ? giveUp(options, message, error.message) : again(options, message, codeOf(error))
  }
  await inTransaction(options.database, async (tx) => {
    const at = options.clock.now()
    if (await endMessage(tx, message.id, 'sent', at)) await tellMessage(tx, message, at)
  })
  options.count(message.channel, 'sent')
}

/** Nobody writes to a family whose child has left the season, it may have died; and where there is no address nobody can. */
async function skip({ database, clock, count }: SenderOptions, message: DueMessage, cause: string): Promise<void> {
  await inTransaction(database, (tx) => endMessage(tx, message.id, 'skipped', clock.now(), cause))
  count(message.channel, 'skipped')
}

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
