import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** Linux counts in hundredths of a second. */
const MS_PER_TICK = 10

/**
 * Processor time (ms) that a process has used so far, all its threads: from Linux's /proc, elsewhere from `ps`.
 * @throws Error if the process is gone or neither is there
 */
export async function cpuMsOf(pid: number): Promise<number> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number)
    return (user + system) * MS_PER_TICK
  }
  const { stdout } = await promisify(execFile)('ps', ['-o', 'time=', '-p', String(pid)])
  return 1_000 * stdout.trim().split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
}
