import type { Kafka } from 'kafkajs'
import type { Registry } from 'prom-client'
import type { Clock } from './clock.js'
import type { BaseConfig } from './config.js'
import type { Check, Mounted } from './http/index.js'
import type { ConsumerMetrics, EventProducer } from './kafka/index.js'
import type { Log } from './log.js'
import type { Component } from './process.js'

/** What every service is given by the process that runs it; a service may need more. */
export interface ServiceDeps {
  config: BaseConfig
  kafka: Kafka
  /** Shared by the services of a process; connected before their components start. */
  producer: EventProducer
  clock: Clock
  log: Log
  /** Of the server that mounts the endpoints. */
  registry: Registry
  consumerMetrics: ConsumerMetrics
  /** Bearer tokens of role `service`. */
  token: () => Promise<string>
}

/** The same for a service that calls no other one; metrics are told if somebody reads them. */
export type ListenerDeps = Omit<ServiceDeps, 'token' | 'registry' | 'consumerMetrics'> & Partial<Pick<ServiceDeps, 'registry' | 'consumerMetrics'>>

/** A service composed and not yet started. */
export interface Service {
  endpoints: Mounted[]
  /** To be started before the endpoints are served, in this order. */
  components: Component[]
  readiness: Check[]
}
