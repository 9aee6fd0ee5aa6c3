import { problem } from '../problem.js'

/** The time a request has, and its end. */
export interface Deadline {
  signal: AbortSignal
  /** ms, 0 when it is over. */
  remainingMs(): number
  /** Settles like `work`, or with `timed-out` when the time is up. */
  guard<T>(work: Promise<T>): Promise<T>
  /** The request is answered: no timer is left. */
  clear(): void
  /** Nobody waits any more: the caller has gone, or the server closes an event stream. */
  abandon(): void
}

/** @param timeoutMs from now */
export function startDeadline(timeoutMs: number): Deadline {
  const controller = new AbortController()
  const endsAt = performance.now() + timeoutMs
  const expire = () => controller.abort(problem('timed-out', `No answer within ${timeoutMs} ms`, { retryAfterMs: 1_000 }))
  const timer = setTimeout(expire, timeoutMs)
  const { signal } = controller
  return {
    signal,
    remainingMs: () => Math.max(0, endsAt - performance.now()),
    guard: (work) =>
      new Promise((resolve, reject) => {
        const stop = () => reject(signal.reason as Error)
        if (signal.aborted) stop()
        signal.addEventListener('abort', stop, { once: true })
        work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
      }),
    clear: () => clearTimeout(timer),
    abandon: () => {
      clearTimeout(timer)
      controller.abort(problem('timed-out', 'Nobody waits for the answer any more'))
    },
  }
}
