import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { livingServers } from '../../infra/stack/pids.js'
import { publishedAddresses } from '../../infra/stack/state.js'
import type { StackAddresses } from '../../infra/stack/addresses.js'
import { createIssuer, readTokenKeys, type Issuer } from '../../platform/auth.js'
import type { Addresses } from '../rehearsal/actors/stage.js'
import { addressesOf, idKeyOf, portsFile, tokenKeysFile, type ListenerPorts } from './environment.js'

/** A running platform as commands see it: where it is, and the keys of its state folder. */
export interface Target {
  stateDir: string
  stack: StackAddresses
  ports: ListenerPorts
  addresses: Addresses
  issuer: Issuer
  idKey: string
  /** Process ids of what runs, by name. */
  pids(): Record<string, number>
}

/** No platform runs on a state folder. */
export class NotRunningError extends Error {
  override readonly name = 'NotRunningError'
  constructor(stateDir: string) {
    super(`no platform is running on ${stateDir}; start one with \`npm start -- --no-rehearsal\``)
  }
}

/**
 * The platform that runs on a state folder.
 * @throws NotRunningError
 */
export async function runningPlatform(stateDir: string): Promise<Target> {
  const stack = publishedAddresses(stateDir)
  if (!stack || !existsSync(portsFile(stateDir))) throw new NotRunningError(stateDir)
  return targetOf(stateDir, stack, JSON.parse(readFileSync(portsFile(stateDir), 'utf8')) as ListenerPorts, idKeyOf(stateDir))
}

/** A target from what is known of a platform. */
export async function targetOf(stateDir: string, stack: StackAddresses, ports: ListenerPorts, idKey: string): Promise<Target> {
  return {
    stateDir, stack, ports, idKey,
    addresses: addressesOf(ports),
    issuer: await createIssuer(await readTokenKeys(tokenKeysFile(stateDir))),
    pids: () => Object.fromEntries(livingServers(stateDir).map(({ name, pid }) => [name, pid])),
  }
}

/** Where the ledger of a season's actors lies. */
export const ledgerFile = (stateDir: string, season: string): string => join(stateDir, `ledger-${season}.jsonl`)
