import { request as httpRequest } from 'node:http'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { endpoint } from '../../contracts/http/endpoint.js'
import type { Caller } from '../../contracts/roles.js'
import { createIssuer, createVerifier, generateTokenKeys, type Issuer } from '../auth.js'
import { createLog } from '../log.js'
import { isProblem, problem } from '../problem.js'
import { until } from '../testing/until.js'
import { createClient, Unreachable, type Client } from './client.js'
import { eventStream } from './event-stream.js'
import { implement } from './request.js'
import { createHttpServer, type HttpServer } from './server.js'

const NOW = Date.UTC(2022, 4, 17, 9, 0, 0, 123)
const none = z.strictObject({})
const base = { params: none, query: none, body: 'none', response: z.strictObject({}), status: 200, refusals: [] } as const

const endpoints = {
  fileForm: endpoint({
    ...base,
    id: 'fileForm',
    method: 'PUT',
    path: '/seasons/:season/forms/:form',
    summary: 'Files a form',
    roles: { guardian: 'own', district: 'own', school: 'own', city: 'any' },
    params: z.strictObject({ season: z.string().max(20), form: z.string() }),
    query: z.strictObject({ draft: z.stringbool().optional() }),
    body: z.strictObject({ answers: z.record(z.string(), z.number()), note: z.string().optional() }),
    response: z.strictObject({ receivedAt: z.number(), caller: z.string(), draft: z.boolean(), key: z.string() }),
  }),
  open: endpoint({ ...base, id: 'open', method: 'GET', path: '/open', summary: 'Open to everyone', roles: {} }),
  readCaller: endpoint({ ...base, id: 'readCaller', method: 'GET', path: '/caller', summary: 'Reads a caller that is not there', roles: {} }),
  refuse: endpoint({ ...base, id: 'refuse', method: 'POST', path: '/refuse', summary: 'Refuses', roles: {}, refusals: ['window-closed'] }),
  wrong: endpoint({ ...base, id: 'wrong', method: 'GET', path: '/wrong', summary: 'Answers against its schema', roles: {} }),
  slow: endpoint({ ...base, id: 'slow', method: 'GET', path: '/slow', summary: 'Waits for ever', roles: {} }),
  upload: endpoint({
    ...base, id: 'upload', method: 'POST', path: '/upload', summary: 'Counts bytes', roles: {}, body: 'stream',
    response: z.strictObject({ bytes: z.number() }),
  }),
  watch: endpoint({ ...base, id: 'watch', method: 'GET', path: '/watch', summary: 'Sends events', roles: {} }),
  drop: endpoint({ ...base, id: 'drop', method: 'DELETE', path: '/things', summary: 'Answers nothing', roles: {}, status: 204 }),
}

const logged: string[] = []
const sink = new PassThrough().on('data', (line: Buffer) => logged.push(line.toString()))
let server: HttpServer
let issuer: Issuer
let url: string
let client: Client<typeof endpoints>
let slowSignal: AbortSignal | undefined
let watched: AbortSignal | undefined

beforeAll(async () => {
  const keys = await generateTokenKeys()
  issuer = await createIssuer(keys)
  server = createHttpServer({
    name: 'test',
    verifier: await createVerifier(keys),
    log: createLog({ name: 'test' }, sink),
    clock: { now: () => NOW },
    config: { requestTimeoutMs: 300, drainMs: 600, host: '127.0.0.1' },
    maxBodyBytes: 1_000,
    endpoints: [
      implement(endpoints.fileForm, {
        about: async ({ params }) => (params.form === 'mine' ? { guardian: 'g-me', schools: ['s1', 's2'], district: 'd1' } : { guardian: 'g-other' }),
        handle: async ({ receivedAt, caller, query, idempotencyKey }) => ({
          receivedAt, caller: caller.subject, draft: query.draft ?? false, key: idempotencyKey ?? '',
        }),
      }),
      implement(endpoints.open, { handle: async () => ({}) }),
      implement(endpoints.readCaller, { handle: async ({ caller }) => { void caller; return {} } }),
      implement(endpoints.refuse, { handle: async () => { throw problem('window-closed', 'It closed', { closesAt: NOW }) } }),
      implement(endpoints.wrong, { handle: async () => ({ surprise: 1 }) as never }),
      implement(endpoints.slow, { handle: ({ signal }) => { slowSignal = signal; return new Promise(() => undefined) } }),
      implement(endpoints.upload, { handle: async ({ raw }) => ({ bytes: (await text(raw)).length }) }),
      implement(endpoints.watch, {
        handle: async (request) => eventStream(request, async ({ send, signal }) => {
          watched = signal
          send('figure', { children: 3 }, '7')
          await new Promise((resolve) => signal.addEventListener('abort', resolve))
        }),
      }),
      implement(endpoints.drop, { handle: async () => ({}) }),
    ],
  })
  url = await server.listen(0)
  client = createClient(endpoints, { baseUrl: url })
})
afterAll(() => server.close())

const token = (caller: Caller, ttlSeconds = 60) => issuer.sign(caller, ttlSeconds)
const guardian = () => token({ subject: 'g-me', role: 'guardian' })
const form = { params: { season: 's', form: 'mine' }, body: { answers: {} } }

async function refusalOf(work: Promise<unknown>) {
  const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown)
  if (!isProblem(error)) throw new Error(`Expected a problem, got ${String(error)}`)
  return error
}

describe('a request', () => {
  it('reaches its handler typed, with the instant of receipt, the caller and the idempotency key', async () => {
    const answer = await client.fileForm({ ...form, query: { draft: 'true' }, token: await guardian(), idempotencyKey: 'k-1' })
    expect(answer).toEqual({ receivedAt: NOW, caller: 'g-me', draft: true, key: 'k-1' })
  })

  it('that does not fit is refused with the place of every fault, unknown fields included', async () => {
    const wrong = {
      params: { season: 'far too long for a season id', form: 'mine' },
      query: { draft: 'perhaps', colour: 'red' },
      body: { answers: { 'a/b': 'many' }, notes: 'x' },
    }
    const refused = await refusalOf(client.fileForm({ ...(wrong as unknown as typeof form), token: await guardian() }))
    expect(refused.type).toBe('invalid-input')
    expect(refused.faults?.map(({ at }) => at).sort()).toEqual([
      '/body/answers/a~1b', '/body/notes', '/params/season', '/query/colour', '/query/draft',
    ])
  })

  it.each([
    ['malformed JSON', '{"answers":', 'application/json', 400, 'invalid-input'],
    ['no body', '', 'application/json', 400, 'invalid-input'],
    ['another media type', 'answers=1', 'text/plain', 415, 'unsupported-media-type'],
    ['a body that is too large', JSON.stringify({ answers: {}, note: 'x'.repeat(2_000) }), 'application/json', 413, 'payload-too-large'],
  ])('with %s is refused as problem details', async (_what, body, contentType, status, type) => {
    const response = await fetch(`${url}/seasons/s/forms/mine`, {
      method: 'PUT', body, headers: { 'content-type': contentType, authorization: `Bearer ${await guardian()}` },
    })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    expect(await response.json()).toMatchObject({ type: `urn:ruxue:problem:${type}`, status, instance: '/seasons/s/forms/mine' })
  })

  it.each([['GET', '/nowhere'], ['DELETE', '/open']])('%s %s meets nothing and is told so', async (method, path) => {
    const response = await fetch(url + path, { method })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ type: 'urn:ruxue:problem:not-found' })
  })

  it('with a path that cannot be decoded is bad input', async () => {
    const response = await fetch(`${url}/seasons/%E0%A4%A/forms/x`, { method: 'PUT' })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ type: 'urn:ruxue:problem:invalid-input' })
  })

  it('carries on the caller’s trace', async () => {
    const trace = 'a'.repeat(32)
    const response = await fetch(`${url}/open`, { headers: { traceparent: `00-${trace}-${'b'.repeat(16)}-01` } })
    expect(response.headers.get('x-trace-id')).toBe(trace)
  })

  it('may stream its body', async () => {
    const body = Readable.from([Buffer.alloc(3_000, 'a'), Buffer.alloc(2_000, 'b')])
    expect(await client.upload({ body, headers: { 'content-type': 'text/csv' } })).toEqual({ bytes: 5_000 })
  })

  it('answered with nothing gives nothing', async () => {
    expect(await client.drop({})).toBeUndefined()
  })
})

describe('a caller', () => {
  it('without a token, with a broken one or an expired one is not authenticated', async () => {
    for (const bearer of [undefined, 'x.y.z', await token({ subject: 'g-me', role: 'guardian' }, -1)]) {
      const call = { ...form, ...(bearer !== undefined && { token: bearer }) }
      expect((await refusalOf(client.fileForm(call))).type).toBe('unauthenticated')
    }
  })

  it('with a token of another issuer is not authenticated', async () => {
    const stranger = await createIssuer(await generateTokenKeys())
    const forged = await stranger.sign({ subject: 'g-me', role: 'city' }, 60)
    expect((await refusalOf(client.fileForm({ ...form, token: forged }))).type).toBe('unauthenticated')
  })

  const allowed: Caller[] = [
    { subject: 'g-me', role: 'guardian' },
    { subject: 'x', role: 'school', school: 's2' },
    { subject: 'x', role: 'district', district: 'd1' },
    { subject: 'x', role: 'city' },
  ]
  const forbidden: Caller[] = [
    { subject: 'g-else', role: 'guardian' },
    { subject: 'x', role: 'school', school: 's3' },
    { subject: 'x', role: 'school' },
    { subject: 'x', role: 'district', district: 'd2' },
    { subject: 'x', role: 'district' },
    { subject: 'x', role: 'ops' },
    { subject: 'x', role: 'service' },
  ]
  it.each(allowed)('$role $subject $school$district reaches its own', async (caller) => {
    await expect(client.fileForm({ ...form, token: await token(caller) })).resolves.toMatchObject({ caller: caller.subject })
  })
  it.each(forbidden)('$role $subject $school$district does not reach another’s', async (caller) => {
    expect((await refusalOf(client.fileForm({ ...form, token: await token(caller) }))).type).toBe('forbidden')
  })

  it('that is not there cannot be read by mistake', async () => {
    expect((await refusalOf(client.readCaller({}))).type).toBe('internal')
  })

  it('that may reach only its own needs an implementation that says whose matter it is', () => {
    expect(() => implement(endpoints.fileForm, { handle: async () => ({ receivedAt: 0, caller: '', draft: false, key: '' }) })).toThrow('about')
  })
})

describe('an answer', () => {
  it('that is a refusal arrives as the problem it was', async () => {
    expect(await refusalOf(client.refuse({}))).toMatchObject({
      type: 'window-closed', status: 409, detail: 'It closed', closesAt: new Date(NOW).toISOString(),
    })
  })

  it('that does not fit its schema is our bug: told as such without detail, logged with its stack', async () => {
    const refused = await refusalOf(client.wrong({}))
    expect(refused).toMatchObject({ type: 'internal', detail: 'Something broke on our side' })
    await until(() => logged.join(''), (lines) => lines.includes('wrong answered what its schema does not allow') && lines.includes('handler.ts'))
  })

  it('that does not come in time is `timed-out`, and the handler is told to stop', async () => {
    expect(await refusalOf(client.slow({}))).toMatchObject({ type: 'timed-out', status: 503 })
    expect(slowSignal?.aborted).toBe(true)
  })

  it('counts a body that trickles in as part of the request’s time', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(`${url}/seasons/s/forms/mine`, { method: 'PUT' }, (response) => {
        resolve(response.statusCode)
        request.destroy()
      })
      request.on('error', reject)
      void guardian().then((bearer) => {
        request.setHeader('authorization', `Bearer ${bearer}`)
        request.setHeader('content-type', 'application/json')
        request.setHeader('content-length', '100')
        request.write('{')
      })
    })
    expect(status).toBe(503)
  })

  it('is `Unreachable` where nobody listens', async () => {
    const nobody = createClient(endpoints, { baseUrl: 'http://127.0.0.1:1' })
    await expect(nobody.open({})).rejects.toBeInstanceOf(Unreachable)
  })

  it('may be a stream of events, which ends when the caller goes', async () => {
    const gone = new AbortController()
    const response = await fetch(`${url}/watch`, { signal: gone.signal })
    const reader = response.body?.getReader()
    const first = await reader?.read()
    expect(Buffer.from(first?.value ?? []).toString()).toBe('id: 7\nevent: figure\ndata: {"children":3}\n\n')
    gone.abort()
    await until(() => watched?.aborted, (aborted) => aborted === true)
  })
})

describe('operations', () => {
  it('see liveness, readiness and metrics by endpoint', async () => {
    await client.open({})
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ ready: true, checks: { serving: 'ok' } })
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toMatch(/ruxue_http_request_seconds_count\{service="test",endpoint="open",status="200"\} [1-9]/)
  })
})

describe('closing', () => {
  it('finishes the request under way, ends event streams and answers no one new', async () => {
    const closing = createHttpServer({
      name: 'closing',
      verifier: { verify: async () => { throw new Error('unused') } },
      log: createLog({ name: 'closing', level: 'silent' }),
      clock: { now: () => NOW },
      config: { requestTimeoutMs: 5_000, drainMs: 6_000, host: '127.0.0.1' },
      endpoints: [
        implement(endpoints.slow, { handle: () => new Promise((resolve) => { finish = () => resolve({}) }) }),
        implement(endpoints.watch, {
          handle: async (request) => eventStream(request, ({ signal, send }) => {
            send('hello', {})
            return new Promise((resolve) => signal.addEventListener('abort', () => resolve()))
          }),
        }),
      ],
    })
    let finish: (() => void) | undefined
    const baseUrl = await closing.listen(0)
    const caller = createClient(endpoints, { baseUrl })
    const watching = await fetch(`${baseUrl}/watch`)
    const underWay = caller.slow({})
    await until(() => finish, (there) => there !== undefined)
    const closed = closing.close()
    await watching.text()
    await expect(caller.open({})).rejects.toBeInstanceOf(Unreachable)
    finish?.()
    await expect(underWay).resolves.toEqual({})
    await closed
  })
})
