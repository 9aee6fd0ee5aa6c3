import type { Client as TemporalClient } from '@temporalio/client'
import type { Kafka } from 'kafkajs'
import type { Registry } from 'prom-client'
import { z } from 'zod'
import type { Topic } from '../../contracts/events/envelope.js'
import { seasonEndpoints } from '../../contracts/http/seasons.js'
import type { BaseConfig } from '../../platform/config.js'
import { createClient } from '../../platform/http/client.js'
import { startConsumer, type ConsumerMetrics, type EventProducer, type RunningConsumer } from '../../platform/kafka/index.js'
import type { Log } from '../../platform/log.js'
import type { Component } from '../../platform/process.js'
import { createChildWorkflows } from '../enrollment/client.js'
import { createDelivery, NotStartedYet } from './delivery.js'
import { bridgedOf } from './facts.js'
import { bridgeMetrics } from './metrics.js'
import { createPace } from './pace.js'
import { createSeasons } from './seasons.js'

/** After a batch: a child's facts that come together cost its workflow one task. */
const REST_MS = 40

const ms = (byDefault: number) => z.coerce.number().int().min(0).default(byDefault)

/** What the bridge needs of the configuration besides the common keys. */
export const bridgeConfig = {
  /** Registration's address, for the timelines of seasons. */
  registrationUrl: z.url(),
  /** Technical times that every child's workflow carries. */
  graceMs: ms(2_000),
  /** A city's results are published within half an hour, 200 a second. */
  resultGraceMs: ms(1_800_000),
  spreadMs: ms(60_000),
  publishBatch: z.coerce.number().int().min(1).max(10_000).default(200),
  publishPauseMs: ms(1_000),
  /** Children's workflows started a second at most. */
  startsPerSecond: z.coerce.number().min(1).max(5_000).default(50),
  /** How long a fact waits for its child's workflow before it is put aside. */
  bridgePatienceMs: ms(120_000),
} as const
const shape = z.object(bridgeConfig)
export type BridgeConfig = z.output<typeof shape>

export interface BridgeParts {
  config: BaseConfig & BridgeConfig
  kafka: Kafka
  /** Connected; for dead letters. */
  producer: EventProducer
  temporal: TemporalClient
  /** Bearer tokens of role `service`. */
  token: () => Promise<string>
  log: Log
  registry: Registry
  consumerMetrics?: ConsumerMetrics
}

/** A consumer a topic, so that a fact that waits for its child's start does not hold up the fact that starts it. */
export const BRIDGED_TOPICS = ['registration', 'verification', 'allocation'] as const satisfies readonly Topic[]

/** Kafka events in, workflow signals out: one component a topic. */
export function createBridge(parts: BridgeParts): Component[] {
  const { config, temporal, token, log } = parts
  const { drainMs, graceMs, resultGraceMs, spreadMs, publishBatch, publishPauseMs } = config
  const handleBatch = createDelivery({
    workflows: createChildWorkflows(temporal),
    seasons: createSeasons(createClient(seasonEndpoints, { baseUrl: config.registrationUrl, token })),
    technical: { drainMs, graceMs, resultGraceMs, spreadMs, publishBatch, publishPauseMs },
    pace: createPace(config.startsPerSecond),
    log,
    metrics: bridgeMetrics(parts.registry),
    patienceMs: config.bridgePatienceMs,
  })
  return BRIDGED_TOPICS.map((topic) => consumerOf(topic, parts, handleBatch))
}

function consumerOf(topic: Topic, { config, kafka, producer, log, consumerMetrics }: BridgeParts, handleBatch: ReturnType<typeof createDelivery>): Component {
  let running: RunningConsumer | undefined
  return {
    name: `bridge-${topic}`,
    async start() {
      running = await startConsumer({
        kafka,
        topicPrefix: config.topicPrefix,
        group: `bridge-${topic}`,
        topics: [topic],
        producer,
        log,
        sessionTimeoutMs: config.kafkaSessionTimeoutMs,
        maxBatch: batchSize(config),
        restMs: REST_MS,
        decode: bridgedOf,
        handleBatch,
        passes: (error) => error instanceof NotStartedYet,
        ...(consumerMetrics ? { metrics: consumerMetrics } : {}),
      })
    },
    async stop() {
      await running?.stop()
    },
  }
}

/** A batch of starts at the bounded rate must be done well within the consumer's session. */
function batchSize({ startsPerSecond, kafkaSessionTimeoutMs }: BridgeParts['config']): number {
  return Math.max(1, Math.min(200, Math.floor((startsPerSecond * kafkaSessionTimeoutMs) / 4_000)))
}
