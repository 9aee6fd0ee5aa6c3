import { readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { beforeEach, describe, expect, it } from 'vitest'

import { freshFolder } from '../../tests/support/folder.js'
import type { ProgressLine } from '../stack/progress.js'
import { cached, type CacheEntry } from './cache.js'

const silent = () => undefined

describe('the cache', () => {
  let root: string
  let fills: number
  let entry: CacheEntry

  beforeEach(async () => {
    root = await freshFolder()
    fills = 0
    const fill = async (folder: string) => {
      fills++
      await writeFile(join(folder, 'server'), 'the real one')
    }
    entry = { name: 'broker', version: '1.0', fill }
  })

  it('fills an entry once and finds it again', async () => {
    const first = await cached(entry, silent, root)
    const second = await cached(entry, silent, root)
    expect(second).toBe(first)
    expect(fills).toBe(1)
  })

  it('fills another version beside the first', async () => {
    const first = await cached(entry, silent, root)
    const second = await cached({ ...entry, version: '1.1' }, silent, root)
    expect(second).not.toBe(first)
    expect(fills).toBe(2)
  })

  it('finds a changed file, says which, and fills the entry anew', async () => {
    const folder = await cached(entry, silent, root)
    await writeFile(join(folder, 'server'), 'the real one, damaged')
    const told: ProgressLine[] = []
    await cached(entry, (line) => told.push(line), root)
    expect(told.map(({ message }) => message)).toEqual([
      'the cached copy is damaged (server is not the file that was put there): preparing it anew',
      'the cached copy is damaged (server is not the file that was put there): preparing it anew',
    ])
    expect(await readFile(join(folder, 'server'), 'utf8')).toBe('the real one')
  })

  it('finds a missing file', async () => {
    const folder = await cached(entry, silent, root)
    await rm(join(folder, 'server'))
    await cached(entry, silent, root)
    expect(await readFile(join(folder, 'server'), 'utf8')).toBe('the real one')
  })

  it('finds a file that nobody put there', async () => {
    const folder = await cached(entry, silent, root)
    await writeFile(join(folder, 'intruder.jar'), 'x')
    await cached(entry, silent, root)
    expect(await readdir(folder)).not.toContain('intruder.jar')
  })

  it('is filled once when two ask at the same time', async () => {
    const [first, second] = await Promise.all([cached(entry, silent, root), cached(entry, silent, root)])
    expect(second).toBe(first)
    expect(fills).toBe(1)
  })

  it('keeps nothing of a fill that failed', async () => {
    const fill = async (folder: string) => {
      await writeFile(join(folder, 'half'), 'x')
      throw new Error('the network is gone')
    }
    await expect(cached({ ...entry, fill }, silent, root)).rejects.toThrow('the network is gone')
    expect(await readdir(root)).toEqual([])
  })
})
