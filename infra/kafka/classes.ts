import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { cached } from '../cache/cache.js'
import type { Java } from '../cache/java.js'
import { freePort } from '../stack/ports.js'
import { RunningServer } from '../stack/process.js'
import { withProgress, type OnProgress } from '../stack/progress.js'
import { formatBroker, specOf } from './broker.js'

const ARCHIVE = 'broker.jsa'

/**
 * The classes that a broker loads, as Java shares them between runs (class data sharing): with them it starts in half
 * the time. Recorded once by a broker that is started and stopped; another Java or other jars need another recording.
 *
 * @returns the path of the archive
 */
export async function brokerClasses({ program, build }: Java, jars: string, onProgress: OnProgress): Promise<string> {
  const version = createHash('sha256').update(`${build}\n${jars}`).digest('hex').slice(0, 12)
  const fill = (folder: string) => withProgress(onProgress, 'kafka', 'recording its classes', '5 s', () => record(program, jars, join(folder, ARCHIVE)))
  return join(await cached({ name: 'kafka-classes', version, fill }, onProgress), ARCHIVE)
}

async function record(java: string, jars: string, archive: string): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'ruxue-kafka-'))
  try {
    const kafka = await freePort()
    const ports = { kafka, kafkaController: await freePort(new Set([kafka])) }
    const broker = { java, jars, home, ports, options: [] }
    await formatBroker(broker)
    const server = new RunningServer(specOf({ ...broker, options: [`-XX:ArchiveClassesAtExit=${archive}`] }, join(home, 'kafka.log')), () => undefined)
    try {
      await server.start()
    } finally {
      await server.stop()
    }
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}
