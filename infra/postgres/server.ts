import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import pg from 'pg'

import { runCommand } from '../cache/command.js'
import type { ServerSpec } from '../stack/process.js'
import { stopSignal } from '../stack/pids.js'
import type { OnProgress } from '../stack/progress.js'
import { isOpenToAll, postgresAccount, type Account } from './account.js'
import { postgresBinaries, SHARED_HOME } from './binaries.js'

const SUPERUSER = 'postgres'

/** A PostgreSQL ready to be run. */
export interface PreparedPostgres {
  readonly spec: ServerSpec
  /** Superuser's address of the maintenance database. */
  readonly url: string
}

/** Prepares PostgreSQL with its data in the state folder, creating the data folder the first time. */
export async function preparePostgres(stateDir: string, port: number, onProgress: OnProgress): Promise<PreparedPostgres> {
  const account = postgresAccount()
  const bin = await postgresBinaries(account, onProgress)
  const password = await rememberedPassword(stateDir)
  const data = postgresDataFolder(stateDir, account)
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(bin, data, password, account)
  const url = `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`
  const spec: ServerSpec = {
    name: 'postgres',
    program: join(bin, 'postgres'),
    args: ['-D', data, ...settings(port).flatMap((setting) => ['-c', setting])],
    ...account,
    logFile: join(stateDir, 'logs', 'postgres.log'),
    stopSignal: stopSignal('postgres'),
    ready: () => answersQuery(url),
    // After a kill -9 the old sessions need a moment to notice that their server is gone.
    passes: (logEnd) => logEnd.includes('pre-existing shared memory block') || logEnd.includes('lock file "postmaster.pid" already exists'),
  }
  return { spec, url }
}

/** Removes the data, wherever it is. */
export async function removePostgresData(stateDir: string): Promise<void> {
  await rm(relocated(stateDir), { recursive: true, force: true })
  await rm(join(stateDir, 'postgres'), { recursive: true, force: true })
}

/**
 * Settings of the local server. Commits reach the operating system before they are acknowledged, so they
 * outlive `kill -9` of our processes; they are not forced to the disk (`fsync=off`), so a power failure may lose
 * the whole data folder: right for a workstation, never for production.
 */
function settings(port: number): string[] {
  return [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=300',
    'shared_buffers=128MB',
    'synchronous_commit=on',
    'fsync=off',
    'full_page_writes=off',
    'wal_level=minimal',
    'max_wal_senders=0',
    'max_wal_size=1GB',
    'checkpoint_timeout=15min',
    'io_method=sync',
    'jit=off',
    'timezone=UTC',
    'log_timezone=UTC',
    'log_min_messages=warning',
    'log_checkpoints=off',
    'password_encryption=scram-sha-256',
  ]
}

async function initialise(bin: string, data: string, password: string, account: Account | undefined): Promise<void> {
  await rm(data, { recursive: true, force: true })
  await mkdir(dirname(data), { recursive: true, mode: 0o755 })
  await mkdir(data, { mode: 0o700 })
  const passwordFile = join(tmpdir(), `ruxue-${randomBytes(8).toString('hex')}`)
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (account !== undefined) {
    await chown(data, account.uid, account.gid)
    await chown(passwordFile, account.uid, account.gid)
  }
  const access = [`--username=${SUPERUSER}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`]
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  try {
    await runCommand(join(bin, 'initdb'), [`--pgdata=${data}`, ...access, ...locale, '--no-sync', '--no-instructions'], { ...account, cwd: '/' })
  } catch (error) {
    await rm(data, { recursive: true, force: true })
    throw error
  } finally {
    await rm(passwordFile, { force: true })
  }
}

function postgresDataFolder(stateDir: string, account: Account | undefined): string {
  return account === undefined || isOpenToAll(stateDir) ? join(stateDir, 'postgres') : relocated(stateDir)
}

function relocated(stateDir: string): string {
  return join(SHARED_HOME, `data-${createHash('sha256').update(stateDir).digest('hex').slice(0, 16)}`)
}

async function rememberedPassword(stateDir: string): Promise<string> {
  const file = join(stateDir, 'postgres-password')
  if (existsSync(file)) return readFile(file, 'utf8')
  const password = randomBytes(18).toString('hex')
  await writeFile(file, password, { mode: 0o600 })
  await chmod(file, 0o600)
  return password
}

async function answersQuery(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('SELECT 1')
  } finally {
    await client.end()
  }
}
