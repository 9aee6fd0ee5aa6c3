import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const SAMPLE_MS = 2_000

export interface MemoryWatch {
  /** Largest resident memory seen of each process, in MiB. */
  peaks(): Record<string, number>
  stop(): void
}

/** PostgreSQL works in children of its own; the memory they share counts for each. */
const WITH_CHILDREN = 'postgres'

/** Watches the resident memory of processes by name until stopped. */
export function watchMemory(pids: () => Record<string, number>): MemoryWatch {
  const peaks: Record<string, number> = {}
  const sample = async () => {
    const { stdout } = await run('ps', ['-eo', 'pid=,ppid=,rss='])
    const rows = stdout.trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number))
    for (const [name, pid] of Object.entries(pids())) {
      const kb = rows.reduce((sum, [id, parent, rss = 0]) => (id === pid || (name === WITH_CHILDREN && parent === pid) ? sum + rss : sum), 0)
      peaks[name] = Math.max(peaks[name] ?? 0, Math.round(kb / 1024))
    }
  }
  // A failed sample is a missing sample: there will be others.
  const timer = setInterval(() => void sample().catch(() => undefined), SAMPLE_MS)
  void sample().catch(() => undefined)
  return { peaks: () => ({ ...peaks }), stop: () => clearInterval(timer) }
}
