import express, { type Request as ExpressRequest, type RequestHandler, type Response } from 'express'
import type { Caller } from '../../contracts/roles.js'
import type { Verifier } from '../auth.js'
import { withIds, type Log } from '../log.js'
import { problem } from '../problem.js'
import { asProblem, sendProblem } from './answer.js'
import { authenticate, checkReach } from './authorise.js'
import { contextOf } from './context.js'
import { startDeadline, type Deadline } from './deadline.js'
import { Streamed, type Mounted, type Request } from './request.js'
import { validate, type Part } from './validate.js'

export interface HandlerOptions {
  verifier: Verifier
  log: Log
  requestTimeoutMs: number
  maxBodyBytes: number
  /** Answers that do not fit their schema are bugs; checked everywhere but in production. */
  checkAnswers: boolean
  /** Aborted when the server closes: event streams end. */
  closing: AbortSignal
}

/** The whole way of a request: token, schemas, reach, handler, answer; within its time. */
export function handlerOf(mounted: Mounted, options: HandlerOptions): RequestHandler {
  const parse = express.json({ limit: options.maxBodyBytes, strict: false })
  const timeoutMs = mounted.implementation.timeoutMs ?? options.requestTimeoutMs
  return async (raw, response) => {
    const { traceId } = contextOf(raw)
    const log = withIds(options.log, { trace: traceId })
    const deadline = startDeadline(timeoutMs)
    response.once('close', () => (response.writableFinished ? deadline.clear() : deadline.abandon()))
    try {
      const answer = await deadline.guard(carryOut(mounted, { raw, response, parse, log, deadline, options }))
      if (answer instanceof Streamed) await stream(answer, response.status(mounted.endpoint.status), deadline, options.closing)
      else send(mounted, response, answer, options.checkAnswers)
    } catch (error) {
      sendProblem(raw, response, asProblem(error, log.child({ endpoint: mounted.endpoint.id })))
    } finally {
      deadline.clear()
    }
  }
}

interface Exchange {
  raw: ExpressRequest
  response: Response
  parse: RequestHandler
  log: Log
  deadline: Deadline
  options: HandlerOptions
}

async function carryOut({ endpoint, implementation }: Mounted, exchange: Exchange): Promise<unknown> {
  const { raw, deadline, options } = exchange
  const caller = await authenticate(endpoint, raw.get('authorization'), options.verifier)
  const body = typeof endpoint.body === 'string' ? undefined : await readBody(exchange)
  const parts: Part[] = [
    { name: 'params', schema: endpoint.params, value: { ...raw.params } },
    { name: 'query', schema: endpoint.query, value: { ...raw.query } },
  ]
  if (typeof endpoint.body !== 'string') parts.push({ name: 'body', schema: endpoint.body, value: body })
  const request = requestOf(exchange, validate(parts), caller)
  if (caller && endpoint.roles[caller.role] === 'own') {
    checkReach(caller, (await implementation.about?.(request)) ?? {})
  }
  deadline.signal.throwIfAborted()
  return implementation.handle(request)
}

async function readBody({ raw, response, parse }: Exchange): Promise<unknown> {
  const hasBody = raw.get('transfer-encoding') !== undefined || Number(raw.get('content-length') ?? 0) > 0
  if (!hasBody) return undefined
  if (!raw.is('application/json')) throw problem('unsupported-media-type', 'Send the body as application/json')
  await new Promise<void>((resolve, reject) => {
    parse(raw, response, (error?: unknown) => (error === undefined ? resolve() : reject(error as Error)))
  })
  return raw.body as unknown
}

function requestOf({ raw, log, deadline }: Exchange, values: Record<string, unknown>, caller: Caller | undefined): Request {
  const { receivedAt, traceId } = contextOf(raw)
  const idempotencyKey = raw.get('idempotency-key')
  return {
    params: values.params,
    query: values.query,
    body: values.body,
    get caller() {
      if (!caller) throw new Error('This endpoint is open to everyone, there is no caller')
      return caller
    },
    receivedAt,
    traceId,
    ...(idempotencyKey !== undefined && { idempotencyKey }),
    signal: deadline.signal,
    remainingMs: () => deadline.remainingMs(),
    log,
    raw,
  }
}

async function stream(answer: Streamed, response: Response, deadline: Deadline, closing: AbortSignal): Promise<void> {
  deadline.clear()
  const end = () => deadline.abandon()
  if (closing.aborted) end()
  closing.addEventListener('abort', end, { once: true })
  try {
    await answer.write(response)
  } finally {
    closing.removeEventListener('abort', end)
  }
}

function send({ endpoint }: Mounted, response: Response, answer: unknown, check: boolean): void {
  if (check) checkAnswer(endpoint.id, endpoint.response.safeParse(answer))
  if (endpoint.status === 204) response.status(204).end()
  else response.status(endpoint.status).json(answer)
}

function checkAnswer(id: string, parsed: { success: boolean; error?: Error | undefined }): void {
  if (!parsed.success) throw new Error(`${id} answered what its schema does not allow`, { cause: parsed.error })
}
