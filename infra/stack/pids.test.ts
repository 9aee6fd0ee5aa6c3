import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { freshFolder } from '../../tests/support/folder.js'
import { identify, isAlive, type ProcessIdentity } from './identity.js'
import { livingServers, recordServers, stopLeftovers } from './pids.js'
import { waitUntil } from './wait.js'

describe('servers that an earlier run left behind', () => {
  let stateDir: string
  let server: ChildProcess
  let identity: ProcessIdentity

  beforeEach(async () => {
    stateDir = await freshFolder()
    server = spawn('sleep', ['600'], { detached: true })
    await once(server, 'spawn')
    identity = identify(server.pid!)!
  })
  afterEach(() => {
    server.kill('SIGKILL')
  })

  it('are found and stopped', async () => {
    recordServers(stateDir)('kafka', identity)
    expect(livingServers(stateDir)).toEqual([{ ...identity, name: 'kafka' }])
    await stopLeftovers(stateDir, () => undefined)
    expect(isAlive(identity)).toBe(false)
    expect(livingServers(stateDir)).toEqual([])
  })

  it('are stopped even when frozen', async () => {
    recordServers(stateDir)('temporal', identity)
    server.kill('SIGSTOP')
    await stopLeftovers(stateDir, () => undefined)
    expect(isAlive(identity)).toBe(false)
  })

  it('are left alone when the process id now belongs to another process', async () => {
    recordServers(stateDir)('kafka', { ...identity, startedAs: 'long ago' })
    await stopLeftovers(stateDir, () => undefined)
    expect(isAlive(identity)).toBe(true)
  })

  it('are recorded in the order in which they stop, until they end', () => {
    const record = recordServers(stateDir)
    record('postgres', identity)
    record('temporal', identity)
    expect(livingServers(stateDir).map(({ name }) => name)).toEqual(['temporal', 'postgres'])
    record('temporal', undefined)
    expect(livingServers(stateDir).map(({ name }) => name)).toEqual(['postgres'])
  })

  it('are stopped by the guard at once when their starter is killed', async () => {
    recordServers(stateDir)('kafka', identity)
    const script = join(stateDir, 'starter.mts')
    const pids = new URL('pids.ts', import.meta.url).href
    await writeFile(script, `import { startGuard } from '${pids}'\nstartGuard('${stateDir}')\nprocess.stdout.write('guarded')\nsetInterval(() => {}, 1000)\n`)
    const starter = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(starter.stdout, 'data')
    expect(isAlive(identity)).toBe(true)
    starter.kill('SIGKILL')
    await waitUntil('the guard to act', () => (isAlive(identity) ? Promise.reject(new Error('alive')) : Promise.resolve()))
  })
})
