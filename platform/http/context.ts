import { randomBytes } from 'node:crypto'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { Clock } from '../clock.js'

/** What the first middleware knows of a request. */
export interface Context {
  /** Epoch ms. */
  receivedAt: number
  traceId: string
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/
const contexts = new WeakMap<Request, Context>()

/** First of all: the instant of receipt and the trace id, the caller's if it sent a W3C `traceparent`. */
export const stampReceipt = (clock: Clock): RequestHandler => (request: Request, response: Response, next: NextFunction) => {
  const receivedAt = clock.now()
  const traceId = TRACEPARENT.exec(request.get('traceparent') ?? '')?.[1] ?? randomBytes(16).toString('hex')
  contexts.set(request, { receivedAt, traceId })
  response.set('x-trace-id', traceId)
  next()
}

export function contextOf(request: Request): Context {
  const context = contexts.get(request)
  if (!context) throw new Error('The request was not stamped')
  return context
}
