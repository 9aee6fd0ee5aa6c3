import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const SAMPLE_MS = 5_000

/** What one process has used so far. */
export interface Usage {
  /** Largest resident memory seen (MiB). */
  peakMemoryMb: number
  /** Processor time since it started (s). */
  cpuSeconds: number
}

export interface UsageWatch {
  /** By process name; what was used since the last sample is looked up first. */
  read(): Promise<Record<string, Usage>>
  stop(): void
}

interface Sample {
  pid: number
  parent: number
  memoryKb: number
  cpuSeconds: number
}

/** PostgreSQL works in children of its own; the memory they share counts for each. */
const WITH_CHILDREN = 'postgres'

/** Watches memory and processor time of processes by name until stopped. */
export function watchUsage(pids: () => Record<string, number>): UsageWatch {
  const peaks = new Map<string, number>()
  // By process id: a connection's process is gone before the end, what it used is not.
  const cpu = new Map<string, Map<number, number>>()
  const look = async () => {
    const samples = await sampleAll()
    for (const [name, pid] of Object.entries(pids())) {
      const own = samples.filter((sample) => sample.pid === pid || (name === WITH_CHILDREN && sample.parent === pid))
      const memoryKb = own.reduce((sum, sample) => sum + sample.memoryKb, 0)
      peaks.set(name, Math.max(peaks.get(name) ?? 0, Math.round(memoryKb / 1024)))
      const used = cpu.get(name) ?? new Map<number, number>()
      for (const sample of own) used.set(sample.pid, sample.cpuSeconds)
      cpu.set(name, used)
    }
  }
  // A failed sample is a missing sample: there will be others.
  const lookQuietly = () => look().catch(() => undefined)
  const timer = setInterval(() => void lookQuietly(), SAMPLE_MS)
  void lookQuietly()
  return {
    read: async () => {
      await lookQuietly()
      return Object.fromEntries([...peaks].map(([name, peakMemoryMb]) => {
        const seconds = [...(cpu.get(name)?.values() ?? [])].reduce((sum, one) => sum + one, 0)
        return [name, { peakMemoryMb, cpuSeconds: Math.round(seconds) }]
      }))
    },
    stop: () => clearInterval(timer),
  }
}

async function sampleAll(): Promise<Sample[]> {
  const { stdout } = await run('ps', ['-eo', 'pid=,ppid=,rss=,time='])
  return Promise.all(stdout.trim().split('\n').map(async (line) => {
    const [pid, parent, memoryKb, time] = line.trim().split(/\s+/)
    return { pid: Number(pid), parent: Number(parent), memoryKb: Number(memoryKb), cpuSeconds: (await finerSecondsOf(Number(pid))) ?? secondsOf(time ?? '') }
  }))
}

/** Linux counts in hundredths of a second where its ps tells whole ones, and a connection's process often uses less. */
async function finerSecondsOf(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  // After the name in parentheses: state is the first field, user and system time the twelfth and thirteenth.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields && (Number(fields[11]) + Number(fields[12])) / 100
}

/** `[days-]hours:minutes:seconds` as procps writes it, or `minutes:seconds.hundredths` as BSD does. */
export function secondsOf(time: string): number {
  const [clock = '', days = '0'] = time.split('-').reverse()
  return clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) + Number(days) * 86_400
}
