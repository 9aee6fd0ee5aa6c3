import { setTimeout as delay } from 'node:timers/promises'

const PAUSE_MS = 500
const PATIENCE_MS = 60_000

/**
 * Tries until the broker is reached: it may be starting just now, or restarting.
 * @throws the last error after a minute
 */
export async function untilReached<R>(run: () => Promise<R>, patienceMs = PATIENCE_MS): Promise<R> {
  const endsAt = Date.now() + patienceMs
  for (;;) {
    try {
      return await run()
    } catch (error) {
      if (Date.now() > endsAt) throw error
      await delay(PAUSE_MS)
    }
  }
}
