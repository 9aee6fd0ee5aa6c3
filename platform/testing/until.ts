import { setTimeout as delay } from 'node:timers/promises'

const PAUSE_MS = 5

/**
 * Waits for a condition.
 * @throws Error with what was last seen, after `timeoutMs`
 */
export async function until<T>(look: () => Promise<T> | T, holds: (seen: T) => boolean, timeoutMs = 20_000): Promise<T> {
  const endsAt = Date.now() + timeoutMs
  for (;;) {
    const seen = await look()
    if (holds(seen)) return seen
    if (Date.now() > endsAt) throw new Error(`Waited ${timeoutMs} ms in vain; last seen: ${JSON.stringify(seen)}`)
    await delay(PAUSE_MS)
  }
}
