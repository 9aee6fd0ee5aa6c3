import { Streamed, type Request } from './request.js'

export interface EventSink {
  /** Sends one event; the data as JSON. */
  send(event: string, data: unknown, id?: string): void
  /** Aborted when the caller has gone or the server closes. */
  signal: AbortSignal
}

const HEARTBEAT_MS = 15_000

/**
 * An answer of server-sent events that lasts until `run` ends or the caller goes.
 * @param run sends events as they come and settles soon after `signal` is aborted
 */
export const eventStream = (request: Request, run: (sink: EventSink) => Promise<void>): Streamed =>
  new Streamed(async (response) => {
    response.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
    response.flushHeaders()
    const beat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS)
    const send = (event: string, data: unknown, id?: string) => {
      response.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    }
    try {
      await run({ send, signal: request.signal })
    } finally {
      clearInterval(beat)
      response.end()
    }
  })
