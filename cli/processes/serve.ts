import { systemClock } from '../../platform/clock.js'
import { parseConfig, processConfig } from '../../platform/config.js'
import { createMetrics } from '../../platform/http/index.js'
import { consumerMetrics } from '../../platform/kafka/index.js'
import type { Log } from '../../platform/log.js'
import type { Component } from '../../platform/process.js'
import type { Service, ServiceDeps } from '../../platform/service.js'
import { listener, openProcess } from './base.js'
import { SERVED, type Served } from './names.js'

type Env = NodeJS.ProcessEnv

/** Each service is loaded only by a process that serves it. */
const CREATORS: Record<Served, (deps: ServiceDeps, env: Env) => Promise<Service>> = {
  registration: async (deps, env) => {
    const { createRegistration, registrationConfig } = await import('../../services/registration/service.js')
    return createRegistration({ ...deps, config: parseConfig(processConfig(registrationConfig), env) })
  },
  verification: async (deps, env) => {
    const { createVerification, verificationConfig } = await import('../../services/verification/service.js')
    return createVerification({ ...deps, config: parseConfig(processConfig(verificationConfig), env) })
  },
  allocation: async (deps, env) => {
    const { createAllocation, allocationConfig } = await import('../../services/allocation/service.js')
    return createAllocation({ ...deps, config: parseConfig(processConfig(allocationConfig), env) })
  },
  notification: async (deps, env) => {
    const { createNotification, notificationConfig } = await import('../../services/notification/service.js')
    return createNotification({ ...deps, config: parseConfig(processConfig(notificationConfig), env) })
  },
  console: async (deps, env) => {
    const { createConsole, consoleConfig } = await import('../../services/console/service.js')
    const { createWorkflowClient } = await import('../../platform/temporal/index.js')
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
  const base = await openProcess(names.length === SERVED.length ? 'services' : names.join('+'), env)
  const components: Component[] = [base.connecting]
  for (const name of names) {
    const metrics = createMetrics(name)
    const service = await CREATORS[name]({
      config: base.config, kafka: base.kafka, producer: base.producer, clock: systemClock,
      log: base.log.child({ service: name }),
      registry: metrics.registry,
      consumerMetrics: consumerMetrics(metrics.registry),
      token: base.tokenOf(name),
    }, env)
    const { endpoints, readiness } = service
    components.push(...service.components, listener(base, { name, port: base.config[`${name}Port`], endpoints, readiness, metrics }))
  }
  return { components, log: base.log }
}
