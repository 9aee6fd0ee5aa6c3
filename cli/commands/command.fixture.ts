import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { afterEach, beforeEach, vi } from 'vitest'

/** What a command of this process has written in a test, and an empty folder for its files. */
export interface Told {
  dir: string
  out: string
  err: string
}

/** In place of the end of the process. */
class Exit extends Error {
  constructor(readonly code: number | string | null | undefined) {
    super(`exit ${code}`)
  }
}

/** Sets a command up for each test of a file: `run` gives its exit code, and `told` what it wrote. */
export function useCommand(command: () => Command): { told: Told; run: (...args: string[]) => Promise<number | string | undefined> } {
  const told: Told = { dir: '', out: '', err: '' }
  beforeEach(async () => {
    Object.assign(told, { dir: await mkdtemp(join(tmpdir(), 'ruxue-command-')), out: '', err: '' })
    vi.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Exit(code)
    })
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((told.out += String(text)), true))
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((told.err += String(text)), true))
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await rm(told.dir, { recursive: true })
  })
  return {
    told,
    async run(...args) {
      try {
        await command().parseAsync(args, { from: 'user' })
      } catch (error) {
        if (!(error instanceof Exit)) throw error
        return error.code ?? undefined
      }
      const code = process.exitCode ?? undefined
      process.exitCode = undefined
      return code
    },
  }
}
