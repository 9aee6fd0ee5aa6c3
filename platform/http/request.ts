import type { Request as ExpressRequest, Response as ExpressResponse } from 'express'
import type { z } from 'zod'
import type { Endpoint } from '../../contracts/http/endpoint.js'
import type { About, Caller } from '../../contracts/roles.js'
import type { Log } from '../log.js'

/** A request that fits its endpoint's schemas, as a handler sees it. */
export interface Request<P = unknown, Q = unknown, B = unknown> {
  params: P
  query: Q
  body: B
  /** Who calls. Reading it at an endpoint that is open to everyone is a bug and throws. */
  readonly caller: Caller
  /** Epoch ms at which the request came in; windows are judged by it. */
  receivedAt: number
  traceId: string
  idempotencyKey?: string
  /** Aborted when the request's time is up or the caller has gone; commit nothing afterwards. */
  signal: AbortSignal
  /** What is left of the request's time, for the transaction. */
  remainingMs(): number
  log: Log
  /** The HTTP request; for `stream` bodies read it, the query string is parsed in `query`. */
  raw: ExpressRequest
}

/** An answer that is not JSON: a text, a file, an event stream. */
export class Streamed {
  constructor(readonly write: (response: ExpressResponse) => Promise<void>) {}
}

export interface Implementation<P, Q, B, R> {
  /** Whose matter the request is; needed where a role's reach is `own`. */
  about?(request: Request<P, Q, B>): Promise<About>
  handle(request: Request<P, Q, B>): Promise<R | Streamed>
  /** Time for the whole request, where it is not a submission (an import, a close). Default: the server's. */
  timeoutMs?: number
}

/** An endpoint with its implementation, ready to be served. */
export interface Mounted {
  endpoint: Endpoint
  implementation: Implementation<unknown, unknown, unknown, unknown>
}

/**
 * Joins an endpoint with its implementation.
 * @throws Error if a role reaches only its own and the implementation does not say what a request is about
 */
export function implement<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, R>,
  implementation: Implementation<z.output<P>, z.output<Q>, z.output<B>, z.input<R>>,
): Mounted {
  if (Object.values(endpoint.roles).includes('own') && !implementation.about) {
    throw new Error(`${endpoint.id}: a role reaches only its own, so the implementation needs \`about\``)
  }
  return { endpoint, implementation } as unknown as Mounted
}

/** A text or a file as the answer. */
export const fileAnswer = (contentType: string, content: string | Buffer): Streamed =>
  new Streamed(async (response) => {
    response.type(contentType).send(content)
  })
