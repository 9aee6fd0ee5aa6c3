import { allocationConfig, createAllocation } from '../../services/allocation/service.js'
import { consoleConfig, createConsole } from '../../services/console/service.js'
import { createNotification, notificationConfig } from '../../services/notification/service.js'
import { createRegistration, registrationConfig } from '../../services/registration/service.js'
import { createVerification, verificationConfig } from '../../services/verification/service.js'
import { z } from 'zod'
import { createIssuer, createVerifier, readTokenKeys, tokenSource } from '../../platform/auth.js'
import { systemClock } from '../../platform/clock.js'
import { parseConfig, processConfig } from '../../platform/config.js'
import { createHttpServer, createMetrics, type HttpServer } from '../../platform/http/index.js'
import { consumerMetrics, createKafka, createProducer } from '../../platform/kafka/index.js'
import { createLog, type Log } from '../../platform/log.js'
import type { Component } from '../../platform/process.js'
import type { Service, ServiceDeps } from '../../platform/service.js'
import { createWorkflowClient } from '../../platform/temporal/index.js'

export const SERVED = ['registration', 'verification', 'allocation', 'notification', 'console'] as const
export type Served = (typeof SERVED)[number]

const port = z.coerce.number().int().min(1).max(65_535)
const ports = { registrationPort: port.default(7101), verificationPort: port.default(7102), allocationPort: port.default(7103), notificationPort: port.default(7104), consolePort: port.default(7105) }

type Env = NodeJS.ProcessEnv
type Creator = (deps: ServiceDeps, env: Env) => Promise<Service>

const CREATORS: Record<Served, Creator> = {
  registration: async (deps, env) => createRegistration({ ...deps, config: parseConfig(processConfig(registrationConfig), env) }),
  verification: async (deps, env) => createVerification({ ...deps, config: parseConfig(processConfig(verificationConfig), env) }),
  allocation: async (deps, env) => createAllocation({ ...deps, config: parseConfig(processConfig(allocationConfig), env) }),
  notification: async (deps, env) => createNotification({ ...deps, config: parseConfig(processConfig(notificationConfig), env) }),
  console: async (deps, env) => {
    const config = parseConfig(processConfig(consoleConfig), env)
    const temporal = await createWorkflowClient(config)
    const service = createConsole({ ...deps, config, temporal: temporal.client })
    const connection: Component = { name: 'console-temporal', start: async () => undefined, stop: () => temporal.close() }
    return { ...service, components: [connection, ...service.components] }
  },
}

/**
 * The components of a process that serves these services, each on its own port, with one Kafka producer for all.
 * @throws ConfigError naming every missing or wrong variable
 */
export async function serveComponents(names: readonly Served[], env: Env = process.env): Promise<{ components: Component[]; log: Log }> {
  const config = parseConfig(processConfig(ports), env)
  const log = createLog({ name: names.join('+'), level: config.logLevel })
  const keys = await readTokenKeys(config.tokenKeys)
  const verifier = await createVerifier(keys)
  const issuer = await createIssuer(keys)
  const kafka = createKafka({ brokers: config.kafkaBrokers, topicPrefix: config.topicPrefix, clientId: 'ruxue-serve' }, log)
  const producer = createProducer(kafka, config.topicPrefix)
  const components: Component[] = [{ name: 'kafka-producer', start: () => producer.connect(), stop: () => producer.disconnect() }]
  for (const name of names) {
    const metrics = createMetrics(name)
    const deps: ServiceDeps = {
      config, kafka, producer, clock: systemClock,
      log: log.child({ service: name }),
      registry: metrics.registry,
      consumerMetrics: consumerMetrics(metrics.registry),
      token: tokenSource(issuer, { subject: name, role: 'service' }),
    }
    const service = await CREATORS[name](deps, env)
    components.push(...service.components, listener(name, config[`${name}Port`], service, { deps, verifier, metrics }))
  }
  return { components, log }
}

interface Listening {
  deps: ServiceDeps
  verifier: Awaited<ReturnType<typeof createVerifier>>
  metrics: ReturnType<typeof createMetrics>
}

function listener(name: Served, listenPort: number, service: Service, { deps, verifier, metrics }: Listening): Component {
  const { config, log, clock } = deps
  let server: HttpServer | undefined
  return {
    name: `${name}-http`,
    start: async () => {
      server = createHttpServer({ name, endpoints: service.endpoints, readiness: service.readiness, verifier, log, clock, config, metrics })
      log.info({ address: await server.listen(listenPort) }, 'listening')
    },
    stop: async () => { await server?.close() },
  }
}

