import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../log.js'
import { startIncarnation, type Incarnation, type IncarnationOptions } from './incarnation.js'
import { untilReached } from './reach.js'

export interface SupervisedOptions extends IncarnationOptions {
  log: Log
}

export interface Supervised {
  pause(): void
  resume(): void
  stop(): Promise<void>
}

/** An orderly stop finishes the batch under way; a consumer that died may hang in its disconnect. */
const STOP_MS = 10_000
const GIVE_UP_MS = 1_000
const RESTART_PAUSE_MS = 500

/**
 * Keeps one consumer of a group alive. kafkajs restarts a crashed consumer only after some errors and may stay
 * silent for ever after others (kafkajs #1630): here a new one takes its place after every crash, and when it has
 * shown no sign of life for two sessions (at most 30 s).
 * @throws if the broker is not reached within a minute at the beginning
 */
export async function superviseConsumer(options: SupervisedOptions): Promise<Supervised> {
  const stopping = new AbortController()
  let paused = false
  let current: Incarnation = await untilReached(() => startIncarnation(options))
  const stopped = new Promise<'stopped'>((resolve) => {
    stopping.signal.addEventListener('abort', () => resolve('stopped'), { once: true })
  })
  const supervision = (async () => {
    for (;;) {
      const death = await Promise.race([current.dead, stopped])
      if (death === 'stopped') return current.end(STOP_MS)
      options.log.warn({ err: death.error, group: options.group, reason: death.reason }, 'consumer is replaced')
      await current.end(GIVE_UP_MS)
      const next = await startAgain(options, stopping.signal)
      if (!next) return
      current = next
      if (paused) current.pause()
    }
  })()
  return {
    pause: () => {
      paused = true
      current.pause()
    },
    resume: () => {
      paused = false
      current.resume()
    },
    stop: async () => {
      stopping.abort()
      await supervision
    },
  }
}

async function startAgain(options: SupervisedOptions, stopping: AbortSignal): Promise<Incarnation | undefined> {
  while (!stopping.aborted) {
    try {
      return await startIncarnation(options)
    } catch (error) {
      options.log.warn({ err: error, group: options.group }, 'consumer does not start, trying again')
      await delay(RESTART_PAUSE_MS, undefined, { signal: stopping }).catch(() => undefined)
    }
  }
  return undefined
}
