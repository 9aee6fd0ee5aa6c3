import { spawn } from 'node:child_process'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { isAlive, type ProcessIdentity } from './identity.js'
import { stopOrder, type OnChange } from './process.js'
import type { OnProgress } from './progress.js'
import { waitUntil } from './wait.js'

const GUARD = fileURLToPath(new URL('guard.sh', import.meta.url))

/** PostgreSQL ends its sessions only on SIGINT; the others stop in order on SIGTERM. */
export const stopSignal = (name: string): 'SIGINT' | 'SIGTERM' => (name === 'postgres' ? 'SIGINT' : 'SIGTERM')

/** A server as the file of process ids names it. */
export interface RecordedServer extends ProcessIdentity {
  readonly name: string
}

const pidsFile = (stateDir: string) => join(stateDir, 'pids')

/** Writes the running servers down at each change, in the order in which they are to be stopped. */
export function recordServers(stateDir: string): OnChange {
  const running = new Map<string, ProcessIdentity>()
  return (name, identity) => {
    if (identity === undefined) running.delete(name)
    else running.set(name, identity)
    const lines = stopOrder(running.keys()).flatMap((each) => {
      const server = running.get(each)
      return server === undefined ? [] : [`${stopSignal(each).slice(3)} ${server.pid} ${server.startedAs} ${each}\n`]
    })
    writeFileSync(`${pidsFile(stateDir)}.new`, lines.join(''))
    renameSync(`${pidsFile(stateDir)}.new`, pidsFile(stateDir))
  }
}

/** @returns the servers of a state folder that are alive, whoever started them. */
export function livingServers(stateDir: string): RecordedServer[] {
  let text: string
  try {
    text = readFileSync(pidsFile(stateDir), 'utf8')
  } catch {
    return []
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' '))
    .map(([, pid, startedAs, name]) => ({ pid: Number(pid), startedAs: startedAs!, name: name! }))
    .filter(isAlive)
}

/** Stops what a crashed run has left behind. */
export async function stopLeftovers(stateDir: string, onProgress: OnProgress): Promise<void> {
  for (const server of livingServers(stateDir)) {
    onProgress({ part: server.name, message: `stopping process ${server.pid}, left behind by an earlier run` })
    signal(server, 'SIGCONT')
    signal(server, stopSignal(server.name))
    const gone = () => (isAlive(server) ? Promise.reject(new Error(`process ${server.pid} still lives`)) : Promise.resolve())
    await waitUntil(`${server.name} to stop`, gone, { timeoutMs: 15_000 }).catch(() => {
      signal(server, 'SIGKILL')
      return waitUntil(`${server.name} to end`, gone, { timeoutMs: 5_000 })
    })
  }
}

/**
 * Starts the guard, which stops the recorded servers should this process end without doing so.
 *
 * @returns tells the guard that it is no longer needed
 */
export function startGuard(stateDir: string): () => void {
  const guard = spawn('sh', [GUARD, pidsFile(stateDir)], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  guard.unref()
  return () => guard.stdin.end()
}

function signal(server: RecordedServer, name: NodeJS.Signals): void {
  try {
    if (isAlive(server)) process.kill(server.pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
