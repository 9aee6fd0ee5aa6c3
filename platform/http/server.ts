import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type Express } from 'express'
import { register as processRegistry } from 'prom-client'
import type { Verifier } from '../auth.js'
import type { Clock } from '../clock.js'
import type { Log } from '../log.js'
import { problem } from '../problem.js'
import { asProblem, sendProblem } from './answer.js'
import { stampReceipt } from './context.js'
import { handlerOf } from './handler.js'
import { mountHealth, readinessOf, type Check } from './health.js'
import { createMetrics, measureRequests, type Metrics } from './metrics.js'
import type { Mounted } from './request.js'

export interface HttpServerOptions {
  name: string
  endpoints: readonly Mounted[]
  verifier: Verifier
  log: Log
  clock: Clock
  config: { requestTimeoutMs: number; drainMs: number; host: string }
  readiness?: readonly Check[]
  metrics?: Metrics
  /** Largest JSON body. @default 2 MB */
  maxBodyBytes?: number
  /** @default everywhere but with NODE_ENV=production */
  checkAnswers?: boolean
  /** Further routes, such as the API's document. */
  extend?(app: Express): void
}

export interface HttpServer {
  /** @param port 0 for a free one; @returns the base url */
  listen(port: number): Promise<string>
  /** Not ready any more, no new connections, event streams end, requests under way are finished within the drain time. */
  close(): Promise<void>
  metrics: Metrics
}

export function createHttpServer(options: HttpServerOptions): HttpServer {
  const metrics = options.metrics ?? createMetrics(options.name)
  const closing = new AbortController()
  const app = buildApp(options, metrics, closing.signal)
  const server = createServer(app)
  server.requestTimeout = 0
  return {
    metrics,
    listen: (port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, options.config.host, () => {
          server.off('error', reject)
          resolve(`http://${options.config.host}:${(server.address() as AddressInfo).port}`)
        })
      }),
    close: () => {
      closing.abort()
      return drained(server, options.config.drainMs)
    },
  }
}

function buildApp(options: HttpServerOptions, metrics: Metrics, closing: AbortSignal): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(stampReceipt(options.clock))
  app.use(measureRequests(metrics))
  app.use((_request, response, next) => {
    if (closing.aborted) response.set('connection', 'close')
    next()
  })
  const checks = [...(options.readiness ?? []), drainCheck(closing)]
  mountHealth(app, () => readinessOf(checks), [metrics.registry, processRegistry])
  options.extend?.(app)
  mountEndpoints(app, options, closing)
  app.use((request, response) => {
    sendProblem(request, response, problem('not-found', `Nothing answers ${request.method} ${request.path}`))
  })
  app.use(((error, request, response, _next) => {
    sendProblem(request, response, asProblem(error, options.log))
  }) satisfies express.ErrorRequestHandler)
  return app
}

function mountEndpoints(app: Express, options: HttpServerOptions, closing: AbortSignal): void {
  for (const mounted of options.endpoints) {
    const { method, path, id } = mounted.endpoint
    const handler = handlerOf(mounted, {
      verifier: options.verifier,
      log: options.log,
      requestTimeoutMs: options.config.requestTimeoutMs,
      maxBodyBytes: options.maxBodyBytes ?? 2_000_000,
      checkAnswers: options.checkAnswers ?? process.env.NODE_ENV !== 'production',
      closing,
    })
    app[METHODS[method]](path, (request, response, next) => {
      response.locals.endpoint = id
      return handler(request, response, next)
    })
  }
}

const METHODS = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' } as const

const drainCheck = (closing: AbortSignal): Check => ({
  name: 'serving',
  check: async () => {
    if (closing.aborted) throw new Error('shutting down')
  },
})

function drained(server: Server, drainMs: number): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), drainMs)
    server.close(() => {
      clearTimeout(force)
      resolve()
    })
    server.closeIdleConnections()
  })
}
