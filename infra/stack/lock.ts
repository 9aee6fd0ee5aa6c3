import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { identify, isAlive, type ProcessIdentity } from './identity.js'

/** Somebody else holds the lock. */
export class LockedError extends Error {
  override readonly name = 'LockedError'
  constructor(
    readonly path: string,
    readonly owner: ProcessIdentity,
  ) {
    super(`${path} is held by process ${owner.pid}`)
  }
}

/** Gives a lock back. */
export type Release = () => Promise<void>

/**
 * Takes a lock file that names its owner. A lock whose owner has died is taken over.
 *
 * @returns the function that gives it back
 * @throws LockedError when a living process holds it
 */
export async function takeLock(path: string): Promise<Release> {
  await mkdir(dirname(path), { recursive: true })
  const mine = `${path}.${process.pid}.${randomUUID()}`
  await writeFile(mine, JSON.stringify(identify(process.pid)))
  try {
    for (;;) {
      if (await linked(mine, path)) return () => unlink(path)
      const held = await readOwner(path)
      if (held !== undefined && isAlive(held)) throw new LockedError(path, held)
      await putAside(path, held)
    }
  } finally {
    await unlink(mine)
  }
}

/** Runs `work` under the lock, waiting for as long as a living process holds it. */
export async function withLock<T>(path: string, onWait: (owner: ProcessIdentity) => void, work: () => Promise<T>): Promise<T> {
  const release = await waitForLock(path, onWait)
  try {
    return await work()
  } finally {
    await release()
  }
}

/** @returns the living owner of a lock, if there is one. */
export async function lockOwner(path: string): Promise<ProcessIdentity | undefined> {
  const owner = await readOwner(path)
  return owner !== undefined && isAlive(owner) ? owner : undefined
}

async function waitForLock(path: string, onWait: (owner: ProcessIdentity) => void): Promise<Release> {
  for (let told = false; ; told = true) {
    try {
      return await takeLock(path)
    } catch (error) {
      if (!(error instanceof LockedError)) throw error
      if (!told) onWait(error.owner)
      await sleep(200)
    }
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function readOwner(path: string): Promise<ProcessIdentity | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as ProcessIdentity
  } catch {
    return undefined
  }
}

// Two processes may judge the same lock dead at once; whoever then moves away a fresh lock gives it back.
async function putAside(path: string, judgedDead: ProcessIdentity | undefined): Promise<void> {
  const aside = `${path}.${randomUUID()}`
  try {
    await rename(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const moved = await readOwner(aside)
  const isOther = moved !== undefined && (moved.pid !== judgedDead?.pid || moved.startedAs !== judgedDead.startedAs)
  if (isOther && isAlive(moved)) await linked(aside, path)
  await unlink(aside)
}
