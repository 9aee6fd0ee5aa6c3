import { join } from 'node:path'

import { findJava } from '../cache/java.js'
import type { Ports } from '../stack/ports.js'
import type { ServerSpec } from '../stack/process.js'
import type { OnProgress } from '../stack/progress.js'
import { addressOf, formatBroker, specOf } from './broker.js'
import { brokerClasses } from './classes.js'
import { kafkaJars } from './distribution.js'

/** A Kafka broker ready to be run. */
export interface PreparedKafka {
  readonly spec: ServerSpec
  readonly brokers: string
}

/** Prepares a broker with its data in the state folder, formatting the data folder the first time. */
export async function prepareKafka(stateDir: string, ports: Ports, onProgress: OnProgress): Promise<PreparedKafka> {
  const java = await findJava()
  const jars = await kafkaJars(onProgress)
  const classes = await brokerClasses(java, jars, onProgress)
  const broker = { java: java.program, options: [`-XX:SharedArchiveFile=${classes}`], jars, home: join(stateDir, 'kafka'), ports }
  await formatBroker(broker)
  return { spec: specOf(broker, join(stateDir, 'logs', 'kafka.log')), brokers: addressOf(broker) }
}
