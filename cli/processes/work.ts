import { z } from 'zod'
import { createActivities, createPublisher, createServiceClients } from '../../activities/index.js'
import { parseConfig, processConfig } from '../../platform/config.js'
import { createMetrics } from '../../platform/http/index.js'
import { consumerMetrics } from '../../platform/kafka/index.js'
import type { Log } from '../../platform/log.js'
import type { Component } from '../../platform/process.js'
import { connectWorkers, createWorkflowClient, installTemporalLog } from '../../platform/temporal/index.js'
import { bridgeConfig, createBridge } from '../../workflows/bridge/bridge.js'
import { createEnrollmentWorker } from '../../workflows/enrollment/worker.js'
import { createRoundWorker } from '../../workflows/round/worker.js'
import { createSeasonWorker } from '../../workflows/season/worker.js'
import { listener, openProcess, type ProcessBase } from './base.js'
import { WORKED, type Worked } from './names.js'

const WORKERS = { season: createSeasonWorker, round: createRoundWorker, enrollment: createEnrollmentWorker } as const

const addresses = {
  registrationUrl: z.url(),
  verificationUrl: z.url(),
  allocationUrl: z.url(),
  notificationUrl: z.url(),
} as const

/**
 * The components of a process that runs these workers, and the bridge if asked.
 * @throws ConfigError naming every missing or wrong variable
 */
export async function workComponents(names: readonly Worked[], env: NodeJS.ProcessEnv = process.env): Promise<{ components: Component[]; log: Log }> {
  const base = await openProcess(names.length === WORKED.length ? 'workers' : names.join('+'), env)
  const temporal = await createWorkflowClient(base.config)
  const metrics = createMetrics(names.join('-'))
  const parts = { kafka: base.kafka, producer: base.producer, temporal: temporal.client, token: base.tokenOf('workers'), log: base.log }
  const workers = names.filter((name) => name !== 'bridge')
  // Only with a worker: the runtime that writes this log ends with the last worker, and else keeps the process alive.
  if (workers.length > 0) installTemporalLog(base.log)
  return {
    log: base.log,
    components: [
      base.connecting,
      { name: 'temporal-client', start: async () => undefined, stop: () => temporal.close() },
      ...(workers.length > 0 ? await workersOf(workers, base, parts, env) : []),
      ...(names.includes('bridge')
        ? createBridge({ ...parts, config: parseConfig(processConfig(bridgeConfig), env), registry: metrics.registry, consumerMetrics: consumerMetrics(metrics.registry) })
        : []),
      listener(base, { name: 'health', port: base.config.healthPort, endpoints: [], readiness: [], metrics }),
    ],
  }
}

async function workersOf(
  names: readonly (keyof typeof WORKERS)[],
  { config, log }: ProcessBase,
  parts: { producer: ProcessBase['producer']; temporal: Awaited<ReturnType<typeof createWorkflowClient>>['client']; token: () => Promise<string> },
  env: NodeJS.ProcessEnv,
): Promise<Component[]> {
  const urls = parseConfig(processConfig(addresses), env)
  const clients = createServiceClients(
    { registration: urls.registrationUrl, verification: urls.verificationUrl, allocation: urls.allocationUrl, notification: urls.notificationUrl },
    parts.token,
  )
  const activities = createActivities({ clients, publisher: createPublisher(parts.producer), temporal: parts.temporal, log })
  const connection = await connectWorkers(config)
  const settings = { connection, namespace: config.temporalNamespace, activities, log }
  return [
    { name: 'temporal-connection', start: async () => undefined, stop: () => connection.close() },
    ...names.map((name) => WORKERS[name](settings)),
  ]
}
