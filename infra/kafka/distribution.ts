import { readdirSync, realpathSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { cached } from '../cache/cache.js'
import { findOnPath, runCommand } from '../cache/command.js'
import { downloadFile, downloadText } from '../cache/download.js'
import { fillFromFirst, type Source } from '../cache/firstThatWorks.js'
import { copyJars } from '../cache/java.js'
import type { OnProgress } from '../stack/progress.js'

/** Version of the Kafka broker. */
export const KAFKA_VERSION = '4.1.1'
const HOME = fileURLToPath(new URL('.', import.meta.url))
const ARCHIVE = `kafka_2.13-${KAFKA_VERSION}`

/**
 * Finds or prepares the broker's jars: of an installation on PATH, else cached, else from the Apache archive,
 * else from Maven, each compared with its published or committed digest.
 *
 * @returns the folder that holds the jars
 */
export async function kafkaJars(onProgress: OnProgress): Promise<string> {
  const installed = installedJars()
  if (installed !== undefined) return installed
  const fill = (folder: string) => fillFromFirst('kafka', [apacheArchive, mavenJars], folder, onProgress)
  return join(await cached({ name: 'kafka', version: KAFKA_VERSION, fill }, onProgress), 'lib')
}

function installedJars(): string | undefined {
  const script = findOnPath('kafka-server-start.sh') ?? findOnPath('kafka-server-start')
  if (script === undefined) return undefined
  const jars = join(dirname(realpathSync(script)), '..', 'libs')
  try {
    return readdirSync(jars).includes(`${ARCHIVE}.jar`) ? jars : undefined
  } catch {
    return undefined
  }
}

const apacheArchive: Source = {
  what: `downloading Apache Kafka ${KAFKA_VERSION}`,
  usual: '20–120 s',
  async fill(folder) {
    const { site, digest } = await publishedDigest()
    const target = join(folder, `${ARCHIVE}.tgz`)
    await downloadFile(`${site}/${ARCHIVE}.tgz`, target, 'sha512', digest)
    await runCommand('tar', ['-xzf', target, '-C', folder, `${ARCHIVE}/libs`])
    await mkdir(join(folder, 'lib'))
    for (const jar of await readdir(join(folder, ARCHIVE, 'libs'))) {
      if (jar.endsWith('.jar')) await rename(join(folder, ARCHIVE, 'libs', jar), join(folder, 'lib', jar))
    }
    await rm(join(folder, ARCHIVE), { recursive: true })
    await rm(target)
  },
}

const mavenJars: Source = {
  what: `fetching the jars of Kafka ${KAFKA_VERSION} with Maven`,
  usual: '10–30 s',
  fill: (folder) => copyJars(HOME, folder),
}

// A release moves from the download site to the archive when a newer one appears.
async function publishedDigest(): Promise<{ site: string; digest: string }> {
  const sites = ['https://downloads.apache.org', 'https://archive.apache.org/dist'].map((host) => `${host}/kafka/${KAFKA_VERSION}`)
  const text = await Promise.any(
    sites.map(async (site) => ({ site, text: await downloadText(`${site}/${ARCHIVE}.tgz.sha512`) })),
  ).catch((error: AggregateError) => {
    throw error.errors[0]
  })
  const digest = text.text.replace(`${ARCHIVE}.tgz`, '').replaceAll(/[^0-9a-fA-F]/g, '').toLowerCase()
  if (digest.length !== 128) throw new Error(`${text.site}: no SHA-512 published for ${ARCHIVE}.tgz`)
  return { site: text.site, digest }
}
