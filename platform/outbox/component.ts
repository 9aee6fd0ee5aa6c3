import type { Registry } from 'prom-client'
import type { EventProducer } from '../kafka/index.js'
import type { Log } from '../log.js'
import { createPool, databaseUrl } from '../postgres/index.js'
import type { Component } from '../process.js'
import { measureOutbox } from './metrics.js'
import { startRelay, type Relay } from './relay.js'

export interface RelayParts {
  config: { postgresUrl: string; databasePrefix: string; statementTimeoutMs: number }
  producer: EventProducer
  log: Log
  /** Where the depth of the outbox is told. */
  registry?: Registry
}

/** The relay of a service's outbox as a component with connections of its own. */
export function relayComponent(service: string, { config, producer, log, registry }: RelayParts): Component {
  const options = { applicationName: `${service}-relay`, statementTimeoutMs: config.statementTimeoutMs, max: 2 }
  const pool = createPool(databaseUrl(config, service), options)
  if (registry) measureOutbox(registry, pool)
  let running: Relay | undefined
  return {
    name: `${service}-relay`,
    start: async () => { running = startRelay({ pool, producer, log }) },
    stop: async () => {
      await running?.stop()
      await pool.end()
    },
  }
}
