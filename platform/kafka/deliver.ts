import type { RawMessage } from './events.js'

/** What a delivery needs of its surroundings. */
export interface Delivery<T> {
  decode(message: RawMessage): T
  /** All or nothing: one transaction. */
  handle(events: T[]): Promise<void>
  /** Whether a failure will pass by itself. */
  passes(error: unknown): boolean
  putAside(message: RawMessage, cause: unknown): Promise<void>
  /** Waits before another attempt, and keeps the membership alive. */
  pause(attempt: number, error: unknown): Promise<void>
  /** True when this consumer no longer owns the partition or stops. */
  givenUp(): boolean
}

/**
 * Delivers messages in order: all in one call; if that fails for good, one by one, so that only those that
 * cannot be taken are put aside. What will pass by itself is tried until it does.
 * @returns whether all of them are done with; false if this consumer had to give up
 */
export async function deliver<T>(messages: readonly RawMessage[], delivery: Delivery<T>): Promise<boolean> {
  const ready: { message: RawMessage; event: T }[] = []
  for (const message of messages) {
    try {
      ready.push({ message, event: delivery.decode(message) })
    } catch (cause) {
      if (!(await putAside(message, cause, delivery))) return false
    }
  }
  if (ready.length === 0) return true
  const cause = await attempt(ready.map(({ event }) => event), delivery)
  if (cause === 'done') return true
  if (cause === 'given up') return false
  for (const { message, event } of ready) {
    const alone = ready.length === 1 ? cause : await attempt([event], delivery)
    if (alone === 'given up') return false
    if (alone !== 'done' && !(await putAside(message, alone.error, delivery))) return false
  }
  return true
}

async function attempt<T>(events: T[], delivery: Delivery<T>): Promise<'done' | 'given up' | { error: unknown }> {
  for (let tried = 1; ; tried += 1) {
    if (delivery.givenUp()) return 'given up'
    try {
      await delivery.handle(events)
      return 'done'
    } catch (error) {
      if (!delivery.passes(error)) return { error }
      await delivery.pause(tried, error)
    }
  }
}

/** Nothing is skipped before the dead-letter topic has it. */
async function putAside<T>(message: RawMessage, cause: unknown, delivery: Delivery<T>): Promise<boolean> {
  for (let tried = 1; ; tried += 1) {
    if (delivery.givenUp()) return false
    try {
      await delivery.putAside(message, cause)
      return true
    } catch (error) {
      await delivery.pause(tried, error)
    }
  }
}
