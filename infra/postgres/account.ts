import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** The account a server runs as, when it is not our own. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/**
 * PostgreSQL refuses to run as root: then it runs as `postgres`, or else as `nobody`.
 *
 * @returns undefined when it can run as ourselves
 */
export function postgresAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'))
  const fields = accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody')
  if (fields === undefined) throw new Error('PostgreSQL does not run as root, and there is neither an account postgres nor nobody')
  return { uid: Number(fields[2]), gid: Number(fields[3]) }
}

/** Whether any account may walk to a folder: each folder on the way lets others through. */
export function isOpenToAll(folder: string): boolean {
  const letsOthersThrough = (statSync(folder).mode & 0o001) !== 0
  return letsOthersThrough && (folder === dirname(folder) || isOpenToAll(dirname(folder)))
}
