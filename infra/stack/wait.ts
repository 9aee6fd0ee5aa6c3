import { setTimeout as sleep } from 'node:timers/promises'

/** What a wait for a condition may be told. */
export interface WaitOptions {
  /** @default 30000 */
  readonly timeoutMs?: number
  /** Pause between two tries. @default 100 */
  readonly pauseMs?: number
  /** Asked before each try; a thrown error ends the wait at once, for example because the server has died. */
  readonly stillPossible?: () => void
}

/**
 * Tries until `attempt` succeeds.
 *
 * @param what - what is waited for, said in the error
 * @throws Error with the last failure as its cause, when the time is over
 */
export async function waitUntil<T>(what: string, attempt: () => Promise<T>, options: WaitOptions = {}): Promise<T> {
  const timeoutMs = options.timeoutMs ?? 30_000
  const deadline = Date.now() + timeoutMs
  for (;;) {
    options.stillPossible?.()
    try {
      return await attempt()
    } catch (cause) {
      if (Date.now() >= deadline) throw new Error(`${what}: not within ${timeoutMs} ms`, { cause })
      await sleep(options.pauseMs ?? 100)
    }
  }
}
