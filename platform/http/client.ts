import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { Endpoint } from '../../contracts/http/endpoint.js'
import { problemFrom, type Problem } from '../problem.js'

/** Nobody answered, or not in time; whether it was carried out is not known. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

type Optional<K extends string, T> = Record<never, never> extends T ? { [Key in K]?: T } : { [Key in K]: T }

interface CallOptions {
  idempotencyKey?: string
  headers?: Record<string, string>
  signal?: AbortSignal
  timeoutMs?: number
  /** Another token than the client's. */
  token?: string
}

/** What a call of an endpoint takes; `body` of a streamed one is bytes. */
export type CallOf<E> = E extends Endpoint<infer P, infer Q, infer B, z.ZodType>
  ? Optional<'params', z.input<P>> & Optional<'query', z.input<Q>> & Optional<'body', z.input<B>> & CallOptions
  : never
export type AnswerOf<E> = E extends Endpoint<z.ZodType, z.ZodType, z.ZodType, infer R> ? z.output<R> : never
export type Client<T> = { [K in keyof T]: (call: CallOf<T[K]>) => Promise<AnswerOf<T[K]>> }

export interface ClientOptions {
  baseUrl: string
  /** A valid bearer token; absent for callers without one. */
  token?: () => Promise<string>
  /** @default 10_000 */
  timeoutMs?: number
}

type Plain = string | number | boolean | undefined

interface AnyCall extends CallOptions {
  params?: Record<string, Plain>
  query?: Record<string, Plain>
  body?: unknown
}

/**
 * A typed function for each endpoint. They throw `Problem` for problem answers and `Unreachable` when nobody
 * answers. Nothing is tried again here.
 */
export function createClient<T extends Record<string, Endpoint>>(endpoints: T, options: ClientOptions): Client<T> {
  const calls = Object.entries(endpoints).map(([key, endpoint]) => [key, (request: AnyCall) => call(endpoint, request, options)])
  return Object.fromEntries(calls) as Client<T>
}

async function call(endpoint: Endpoint, request: AnyCall, options: ClientOptions): Promise<unknown> {
  const response = await send(endpoint, request, options)
  const text = await response.text().catch((error: unknown) => {
    throw new Unreachable(`${endpoint.id}: the answer broke off`, { cause: error })
  })
  if (!response.ok) throw refusalOf(endpoint, response.status, text)
  if (response.status === 204 || text === '') return undefined
  return response.headers.get('content-type')?.includes('json') ? endpoint.response.parse(JSON.parse(text)) : text
}

async function send(endpoint: Endpoint, request: AnyCall, options: ClientOptions): Promise<Response> {
  const token = request.token ?? (await options.token?.())
  const timeout = AbortSignal.timeout(request.timeoutMs ?? options.timeoutMs ?? 10_000)
  const streamed = endpoint.body === 'stream'
  const init: RequestInit & { duplex?: 'half' } = {
    method: endpoint.method,
    headers: {
      accept: 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(request.idempotencyKey !== undefined && { 'idempotency-key': request.idempotencyKey }),
      ...(request.body !== undefined && !streamed && { 'content-type': 'application/json' }),
      ...request.headers,
    },
    signal: request.signal ? AbortSignal.any([request.signal, timeout]) : timeout,
    ...(request.body !== undefined && { body: streamed ? (request.body as RequestInit['body']) : JSON.stringify(request.body) }),
    ...(streamed && { duplex: 'half' }),
  }
  try {
    return await fetch(urlOf(endpoint, request, options.baseUrl), init)
  } catch (error) {
    throw new Unreachable(`${endpoint.id}: nobody answers at ${options.baseUrl}`, { cause: error })
  }
}

/** A body for a `stream` endpoint. */
export type Bytes = Buffer | Readable

function urlOf(endpoint: Endpoint, request: AnyCall, baseUrl: string): string {
  const path = endpoint.path.replace(/:(\w+)/g, (_whole, name: string) => {
    const value = request.params?.[name]
    if (value === undefined) throw new TypeError(`${endpoint.id}: parameter ${name} is missing`)
    return encodeURIComponent(String(value))
  })
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) query.set(name, String(value))
  }
  return `${baseUrl}${path}${query.size > 0 ? `?${query.toString()}` : ''}`
}

function refusalOf(endpoint: Endpoint, status: number, text: string): Problem | Unreachable | Error {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    body = undefined
  }
  return problemFrom(body)
    ?? (status >= 502 && status <= 504
      ? new Unreachable(`${endpoint.id}: answered ${status}`)
      : new Error(`${endpoint.id}: answered ${status} without a problem`))
}
