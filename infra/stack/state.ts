import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { removePostgresData } from '../postgres/server.js'
import type { ProcessIdentity } from './identity.js'
import { LockedError, lockOwner, takeLock, type Release } from './lock.js'
import type { StackAddresses } from './addresses.js'
import type { Ports } from './ports.js'

/** A stack already runs on this state folder. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError'
  constructor(
    readonly stateDir: string,
    readonly owner: ProcessIdentity,
  ) {
    super(`a platform is already running on ${stateDir} (process ${owner.pid})`)
  }
}

const lockFile = (stateDir: string) => join(stateDir, 'lock')
const addressesFile = (stateDir: string) => join(stateDir, 'addresses.json')
const portsFile = (stateDir: string) => join(stateDir, 'ports.json')

/**
 * Claims a state folder for this process.
 *
 * @throws AlreadyRunningError when a living process has claimed it
 * @throws Error when the folder holds something that is not ours, which a fresh start would remove
 */
export async function claimState(stateDir: string): Promise<Release> {
  refuseForeignFolder(stateDir)
  mkdirSync(join(stateDir, 'logs'), { recursive: true })
  // Servers may run under another account than ours, whatever our umask is.
  chmodSync(stateDir, 0o755)
  try {
    return await takeLock(lockFile(stateDir))
  } catch (error) {
    if (error instanceof LockedError) throw new AlreadyRunningError(stateDir, error.owner)
    throw error
  }
}

/** @returns the process that runs a platform on a state folder, if there is one. */
export function stateOwner(stateDir: string): Promise<ProcessIdentity | undefined> {
  return lockOwner(lockFile(stateDir))
}

/** Removes everything of a stopped platform; only the claim on the folder stays. */
export async function removeState(stateDir: string): Promise<void> {
  await removePostgresData(stateDir)
  for (const part of readdirSync(stateDir)) {
    if (join(stateDir, part) !== lockFile(stateDir)) rmSync(join(stateDir, part), { recursive: true, force: true })
  }
  mkdirSync(join(stateDir, 'logs'))
}

/** @returns the ports of the last run, as far as they are known. */
export function rememberedPorts(stateDir: string): Partial<Ports> {
  return readJson<Partial<Ports>>(portsFile(stateDir)) ?? {}
}

/** Keeps the ports for the next run. */
export function rememberPorts(stateDir: string, ports: Ports): void {
  writeJson(portsFile(stateDir), ports)
}

/** Tells other programs where the servers of a running stack are. */
export function publishAddresses(stateDir: string, addresses: StackAddresses): void {
  writeJson(addressesFile(stateDir), addresses)
  chmodSync(addressesFile(stateDir), 0o600)
}

/** @returns the addresses of the running stack, if one runs. */
export function publishedAddresses(stateDir: string): StackAddresses | undefined {
  return readJson<StackAddresses>(addressesFile(stateDir))
}

/** Takes the addresses back when the stack stops. */
export function withdrawAddresses(stateDir: string): void {
  rmSync(addressesFile(stateDir), { force: true })
}

// A claimed folder has its ports soon after; before, at most the lock and an empty folder of logs.
function refuseForeignFolder(stateDir: string): void {
  const parts = existsSync(stateDir) ? readdirSync(stateDir) : []
  const isOurs = parts.includes('ports.json') || parts.every((part) => part === 'logs' || part.startsWith('lock'))
  if (!isOurs) throw new Error(`${stateDir} is not empty and not a state folder of Ruxue: name another one`)
}

function readJson<T>(file: string): T | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}
