import type { RequestHandler } from 'express'
import { Histogram, Registry } from 'prom-client'

/** The metrics of one server or worker. */
export interface Metrics {
  registry: Registry
}

/** @param name becomes the label `service` of all metrics */
export function createMetrics(name: string): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ service: name })
  return { registry }
}

/** Measures every request by the id of its endpoint; requests that meet none count as `none`. */
export function measureRequests({ registry }: Metrics): RequestHandler {
  const durations = new Histogram({
    name: 'ruxue_http_request_seconds',
    help: 'Duration of requests by endpoint and status',
    labelNames: ['endpoint', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  })
  return (_request, response, next) => {
    const stop = durations.startTimer()
    response.once('finish', () => {
      const endpoint = (response.locals.endpoint as string | undefined) ?? 'none'
      stop({ endpoint, status: response.statusCode })
    })
    next()
  }
}
