import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A process that can be recognised later, although the system reuses process ids. */
export interface ProcessIdentity {
  readonly pid: number
  /** When the process started, in the words of the system: opaque, only compared. */
  readonly startedAs: string
}

/** @returns the identity of a living process, or undefined when there is none with this id. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAs = process.platform === 'linux' ? startTicks(pid) : startDate(pid)
  return startedAs === undefined ? undefined : { pid, startedAs }
}

/** Whether exactly this process still lives, and not a later one with its id. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startedAs === identity.startedAs
}

// Field 22 of /proc/PID/stat; the command name before it may hold spaces, so count from the last bracket.
function startTicks(pid: number): string | undefined {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return undefined
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const isZombie = fields[0] === 'Z'
  return isZombie ? undefined : fields[19]
}

function startDate(pid: number): string | undefined {
  try {
    const date = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
    return date === '' ? undefined : date.replaceAll(' ', '_')
  } catch {
    return undefined
  }
}
