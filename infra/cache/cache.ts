import { randomUUID } from 'node:crypto'
import { access, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { withLock } from '../stack/lock.js'
import type { OnProgress } from '../stack/progress.js'
import { cacheFolder } from './folder.js'
import { findDamage, writeManifest } from './manifest.js'

/** Something that is fetched or built once and then kept. */
export interface CacheEntry {
  readonly name: string
  /** Whatever decides the content: another version is another entry. */
  readonly version: string
  /** Fills an empty folder. */
  readonly fill: (folder: string) => Promise<void>
}

/**
 * Gives the folder of an entry: from the cache when it is there and whole, else filled anew.
 * The folder appears in one step when it is complete, and only one process fills it.
 */
export async function cached(entry: CacheEntry, onProgress: OnProgress, root = cacheFolder()): Promise<string> {
  const folder = join(root, `${entry.name}-${entry.version}-${process.platform}-${process.arch}`)
  if (await isWhole(folder, entry.name, onProgress)) return folder
  const onWait = (owner: { pid: number }) =>
    onProgress({ part: entry.name, message: `waiting for process ${owner.pid}, which is preparing it` })
  return withLock(`${folder}.lock`, onWait, async () => {
    if (!(await isWhole(folder, entry.name, onProgress))) await fillAnew(entry, folder)
    return folder
  })
}

async function isWhole(folder: string, name: string, onProgress: OnProgress): Promise<boolean> {
  if (!(await exists(folder))) return false
  const damage = await findDamage(folder)
  if (damage !== undefined) onProgress({ part: name, message: `the cached copy is damaged (${damage}): preparing it anew` })
  return damage === undefined
}

async function fillAnew(entry: CacheEntry, folder: string): Promise<void> {
  const growing = `${folder}.${randomUUID()}`
  try {
    await mkdir(growing, { recursive: true })
    await entry.fill(growing)
    await writeManifest(growing)
    await rm(folder, { recursive: true, force: true })
    await rename(growing, folder)
  } finally {
    await rm(growing, { recursive: true, force: true })
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
