import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { runCommand } from '../cache/command.js'
import { withLock } from '../stack/lock.js'
import { printProgress, withProgress, type OnProgress } from '../stack/progress.js'
import { serviceStores, type ServiceStore } from './stores.js'

const HOME = fileURLToPath(new URL('../..', import.meta.url))
const STAMP = '.made-from'

/**
 * Generates the Prisma clients of all services whose schema (or Prisma's version) has changed since.
 * Needs no engine download and no database.
 */
export async function generateClients(onProgress: OnProgress = printProgress, stores = serviceStores()): Promise<void> {
  if ((await findStale(stores)).length === 0) return
  const lock = join(HOME, 'node_modules', '.cache', 'ruxue-prisma.lock')
  const onWait = ({ pid }: { pid: number }) => onProgress({ part: 'prisma', message: `waiting for process ${pid}` })
  await withLock(lock, onWait, async () => {
    const stale = await findStale(stores)
    if (stale.length === 0) return
    const names = stale.map(({ service }) => service).join(', ')
    await withProgress(onProgress, 'prisma', `generating the database clients of ${names}`, '3–15 s', () => generateAll(stale))
  })
}

async function findStale(stores: readonly ServiceStore[]): Promise<ServiceStore[]> {
  const checks = await Promise.all(stores.map(async (store) => (await readStamp(store)) === (await sourceHash(store))))
  return stores.filter((_, index) => !checks[index])
}

// Two at a time: a run takes a second or two of processor time.
async function generateAll(stores: readonly ServiceStore[]): Promise<void> {
  const { default: pLimit } = await import('p-limit')
  const limit = pLimit(2)
  await Promise.all(stores.map((store) => limit(() => generate(store))))
}

async function generate(store: ServiceStore): Promise<void> {
  const hash = await sourceHash(store)
  await rm(store.generated, { recursive: true, force: true })
  // Prisma looks for its schema engine before it generates, and does not use it: any program will do.
  const env = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' }
  await runCommand(process.execPath, [prismaCli(), 'generate', '--schema', store.schema], { cwd: dirname(store.schema), env })
  await mkdir(store.generated, { recursive: true })
  await writeFile(join(store.generated, STAMP), hash)
}

async function readStamp(store: ServiceStore): Promise<string | undefined> {
  return readFile(join(store.generated, STAMP), 'utf8').catch(() => undefined)
}

async function sourceHash(store: ServiceStore): Promise<string> {
  const version = (JSON.parse(await readFile(join(HOME, 'node_modules', 'prisma', 'package.json'), 'utf8')) as { version: string }).version
  return createHash('sha256').update(version).update(await readFile(store.schema)).digest('hex')
}

function prismaCli(): string {
  return createRequire(import.meta.url).resolve('prisma/build/index.js')
}
