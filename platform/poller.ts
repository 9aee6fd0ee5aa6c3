import { setTimeout as delay } from 'node:timers/promises'
import { Wake } from './outbox/wake.js'
import type { Log } from './log.js'
import type { Component } from './process.js'

export interface PollerOptions<T> {
  name: string
  /** Takes at most `limit` pieces of work that are due; they are ours for a while only. */
  claim(limit: number): Promise<T[]>
  /** Does one piece and records what came of it. What it throws is logged; the claim then runs out by itself. */
  work(item: T, signal: AbortSignal): Promise<void>
  /** Pieces under way at once. */
  concurrency: number
  /** Longest wait for work that nobody announced. */
  pollMs: number
  log: Log
}

export interface Poller extends Component {
  /** There is new work. */
  wake(): void
}

/**
 * Works through a queue that is a table, with bounded concurrency. A slow piece of work holds its own place only.
 * On stop nothing new is taken and what is under way is aborted and waited for.
 */
export function createPoller<T>(options: PollerOptions<T>): Poller {
  const wake = new Wake()
  const stopping = new AbortController()
  let loop: Promise<void> | undefined
  return {
    name: options.name,
    wake: () => wake.now(),
    start: async () => {
      loop = poll(options, wake, stopping.signal)
    },
    stop: async () => {
      stopping.abort()
      wake.now()
      await loop
    },
  }
}

/** Work is often announced piece by piece; a moment later it is taken together. */
const GATHER_MS = 20

async function poll<T>(options: PollerOptions<T>, wake: Wake, signal: AbortSignal): Promise<void> {
  const { log, concurrency, pollMs, name } = options
  const underWay = new Set<Promise<void>>()
  while (!signal.aborted) {
    const free = concurrency - underWay.size
    const items = free === 0 ? [] : await claimQuietly(options)
    for (const item of items) {
      const piece = options.work(item, signal)
        .catch((error: unknown) => log.warn({ err: error, poller: name }, 'a piece of work failed'))
        .finally(() => {
          underWay.delete(piece)
          if (underWay.size === concurrency - 1) wake.now()
        })
      underWay.add(piece)
    }
    if (items.length < free || free === 0) {
      await wake.wait(pollMs)
      await delay(GATHER_MS)
    }
  }
  await Promise.all(underWay)

  async function claimQuietly({ claim }: PollerOptions<T>): Promise<T[]> {
    try {
      return await claim(concurrency - underWay.size)
    } catch (error) {
      log.warn({ err: error, poller: name }, 'could not look for work, trying again')
      return []
    }
  }
}
