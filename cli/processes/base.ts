import { z } from 'zod'
import { createIssuer, createVerifier, readTokenKeys, tokenSource, type Verifier } from '../../platform/auth.js'
import { systemClock } from '../../platform/clock.js'
import { parseConfig, processConfig, type BaseConfig } from '../../platform/config.js'
import { createHttpServer, type Check, type HttpServer, type Metrics, type Mounted } from '../../platform/http/index.js'
import { createKafka, createProducer, type EventProducer } from '../../platform/kafka/index.js'
import { createLog, type Log } from '../../platform/log.js'
import type { Component } from '../../platform/process.js'
import type { Kafka } from 'kafkajs'

const port = z.coerce.number().int().min(1).max(65_535)

/** Ports a process may listen on. */
const ports = {
  registrationPort: port.default(7101),
  verificationPort: port.default(7102),
  allocationPort: port.default(7103),
  notificationPort: port.default(7104),
  consolePort: port.default(7105),
  /** Health and metrics of a process of workers. */
  healthPort: port.default(7110),
} as const
type Ports = { [K in keyof typeof ports]: number }

/** What every process of ours has, whatever it runs. */
export interface ProcessBase {
  config: BaseConfig & Ports
  log: Log
  kafka: Kafka
  producer: EventProducer
  verifier: Verifier
  /** Source of bearer tokens of role `service` for one part. */
  tokenOf(name: string): () => Promise<string>
  /** Connects the producer; the first component of a process. */
  connecting: Component
}

/** @throws ConfigError naming every missing or wrong variable */
export async function openProcess(name: string, env: NodeJS.ProcessEnv): Promise<ProcessBase> {
  const config = parseConfig(processConfig(ports), env)
  const log = createLog({ name, level: config.logLevel })
  const keys = await readTokenKeys(config.tokenKeys)
  const issuer = await createIssuer(keys)
  const kafka = createKafka({ brokers: config.kafkaBrokers, topicPrefix: config.topicPrefix, clientId: `ruxue-${name}` }, log)
  const producer = createProducer(kafka, config.topicPrefix)
  return {
    config, log, kafka, producer,
    verifier: await createVerifier(keys),
    tokenOf: (part) => tokenSource(issuer, { subject: part, role: 'service' }),
    connecting: { name: 'kafka-producer', start: () => producer.connect(), stop: () => producer.disconnect() },
  }
}

export interface Listening {
  name: string
  port: number
  endpoints: readonly Mounted[]
  readiness: readonly Check[]
  metrics: Metrics
}

/** An HTTP server of the process as a component; it comes after what it serves. */
export function listener({ config, log, verifier }: ProcessBase, { name, port: at, endpoints, readiness, metrics }: Listening): Component {
  let server: HttpServer | undefined
  return {
    name: `${name}-http`,
    start: async () => {
      server = createHttpServer({ name, endpoints, readiness, verifier, log, clock: systemClock, config, metrics })
      log.info({ address: await server.listen(at) }, 'listening')
    },
    stop: async () => { await server?.close() },
  }
}
