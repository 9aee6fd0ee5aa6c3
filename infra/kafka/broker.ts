import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { runCommand } from '../cache/command.js'
import { stopSignal } from '../stack/pids.js'
import type { Ports } from '../stack/ports.js'
import type { ServerSpec } from '../stack/process.js'
import { kafkaServes } from './ready.js'

const LOGGING = fileURLToPath(new URL('log4j2.properties', import.meta.url))
const MEMORY = ['-Xms128m', '-Xmx384m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-XX:+ExitOnOutOfMemoryError']

/** A broker, and how it is run. */
export interface Broker {
  /** Java's path. */
  readonly java: string
  /** Further options of Java's. */
  readonly options: readonly string[]
  /** Folder of Kafka's jars. */
  readonly jars: string
  /** Folder of its settings and data. */
  readonly home: string
  readonly ports: Pick<Ports, 'kafka' | 'kafkaController'>
}

export const addressOf = ({ ports }: Broker): string => `127.0.0.1:${ports.kafka}`

/** Writes the broker's settings, and formats its data folder the first time. */
export async function formatBroker(broker: Broker): Promise<void> {
  const { java, home } = broker
  await mkdir(home, { recursive: true })
  await writeFile(propertiesOf(broker), `${settings(broker).join('\n')}\n`)
  if (existsSync(join(home, 'data', 'meta.properties'))) return
  await runCommand(java, [...javaArgs(broker), 'kafka.tools.StorageTool', 'format', '--cluster-id', newClusterId(), '--config', propertiesOf(broker)])
}

/** How a formatted broker is run. */
export const specOf = (broker: Broker, logFile: string): ServerSpec => ({
  name: 'kafka',
  program: broker.java,
  args: [...javaArgs(broker), 'kafka.Kafka', propertiesOf(broker)],
  logFile,
  stopSignal: stopSignal('kafka'),
  ready: () => kafkaServes(addressOf(broker)),
})

const propertiesOf = ({ home }: Broker): string => join(home, 'server.properties')

const javaArgs = ({ options, jars }: Broker): string[] =>
  [...MEMORY, ...options, `-Dlog4j2.configurationFile=${LOGGING}`, '-cp', `${jars}/*${delimiter}`]

function settings({ home, ports }: Broker): string[] {
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${ports.kafkaController}`,
    `listeners=PLAINTEXT://127.0.0.1:${ports.kafka},CONTROLLER://127.0.0.1:${ports.kafkaController}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${ports.kafka}`,
    'controller.listener.names=CONTROLLER',
    'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'inter.broker.listener.name=PLAINTEXT',
    `log.dirs=${join(home, 'data')}`,
    'auto.create.topics.enable=false',
    ...singleNode,
    ...groups,
    ...retention,
    ...smallness,
  ]
}

// After a kill -9 the broker may register again only when its earlier registration has timed out.
const singleNode = [
  'broker.session.timeout.ms=3000',
  'broker.heartbeat.interval.ms=500',
  'offsets.topic.replication.factor=1',
  'transaction.state.log.replication.factor=1',
  'transaction.state.log.min.isr=1',
  'share.coordinator.state.topic.replication.factor=1',
  'share.coordinator.state.topic.min.isr=1',
]

// A killed consumer is noticed after its session timeout, which a compressed season cannot wait 30 s for.
const groups = ['group.initial.rebalance.delay.ms=0', 'group.min.session.timeout.ms=1000']

// Event topics keep everything: they hold no personal data and the audit reads them. Offsets outlast a season.
const retention = ['log.retention.ms=-1', 'log.retention.bytes=-1', 'offsets.retention.minutes=525600']

const smallness = [
  'offsets.topic.num.partitions=10',
  'transaction.state.log.num.partitions=1',
  'share.coordinator.state.topic.num.partitions=1',
  'num.network.threads=2',
  'num.io.threads=4',
  'background.threads=2',
  'log.cleaner.dedupe.buffer.size=16777216',
  'log.segment.bytes=268435456',
]

/** A random UUID as Kafka writes it: 22 characters of URL-safe base 64 that do not start with a dash. */
function newClusterId(): string {
  const id = randomBytes(16).toString('base64url')
  return id.startsWith('-') ? newClusterId() : id
}
