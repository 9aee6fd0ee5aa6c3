import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { beforeEach, describe, expect, it } from 'vitest'

import { freshFolder } from '../../tests/support/folder.js'
import { identify, isAlive } from './identity.js'
import { lockOwner, LockedError, takeLock, withLock } from './lock.js'

describe('a lock', () => {
  let folder: string
  let path: string
  beforeEach(async () => {
    folder = await freshFolder()
    path = join(folder, 'lock')
  })

  it('is refused while its owner lives, and names the owner', async () => {
    const release = await takeLock(path)
    await expect(takeLock(path)).rejects.toThrow(LockedError)
    expect((await lockOwner(path))?.pid).toBe(process.pid)
    await release()
    expect(await lockOwner(path)).toBeUndefined()
  })

  it('is taken over when its owner has died', async () => {
    const owner = spawn('sleep', ['60'])
    const identity = identify(owner.pid!)!
    await writeFile(path, JSON.stringify(identity))
    await expect(takeLock(path)).rejects.toThrow(`held by process ${owner.pid}`)
    owner.kill('SIGKILL')
    await once(owner, 'exit')
    expect(isAlive(identity)).toBe(false)
    const release = await takeLock(path)
    await release()
    expect(await readdir(folder)).toEqual([])
  })

  it('is taken over when the process with the id of its owner is another one', async () => {
    await writeFile(path, JSON.stringify({ pid: process.pid, startedAs: 'long ago' }))
    await expect(takeLock(path)).resolves.toBeTypeOf('function')
  })

  it('is taken over when its file is torn', async () => {
    await writeFile(path, '{"pid": 1')
    await expect(takeLock(path)).resolves.toBeTypeOf('function')
  })

  it('lets one after the other work', async () => {
    let inside = 0
    let most = 0
    const work = async () => {
      most = Math.max(most, ++inside)
      await new Promise((resolve) => setImmediate(resolve))
      inside--
    }
    await Promise.all([1, 2, 3].map(() => withLock(path, () => undefined, work)))
    expect(most).toBe(1)
  })
})
