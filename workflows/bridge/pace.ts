import { setTimeout as delay } from 'node:timers/promises'

/** Lets work through at a bounded rate, in the order in which it asked. */
export interface Pace {
  turn(): Promise<void>
}

/**
 * @param perSecond how many turns a second at most
 * @param now the clock, ms
 * @param wait lets so many ms pass
 */
export function createPace(perSecond: number, now: () => number = Date.now, wait: (ms: number) => Promise<unknown> = delay): Pace {
  let free = 0
  return {
    async turn() {
      const at = Math.max(free, now())
      free = at + 1_000 / perSecond
      const waitMs = at - now()
      if (waitMs > 0) await wait(waitMs)
    },
  }
}
