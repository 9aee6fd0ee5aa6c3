import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { MigrationDirectory, MigrationList } from '@prisma/schema-engine-wasm'
import pg from 'pg'

import { withEngine } from './engine.js'
import { serviceStore, type ServiceStore } from './stores.js'

const DATABASE_EXISTS = '42P04'
const EVERYTHING = { externalTables: [], externalEnums: [] }

/**
 * Brings a service's database up to date, creating it when it does not exist: the migrations of `platform/postgres`,
 * then the service's own. Each is noted in `_prisma_migrations`, as `prisma migrate deploy` does it.
 *
 * @param service - folder name under `services/`
 * @param url - address of the service's database, of an account that may create it
 * @returns the names of the migrations applied now
 * @throws Error when a migration fails, or one that is applied already has been edited since
 */
export async function migrate(service: string, url: string): Promise<string[]> {
  return migrateStore(serviceStore(service), url)
}

/** The same for a store wherever it is kept. */
export async function migrateStore(store: ServiceStore, url: string): Promise<string[]> {
  await createDatabase(url)
  const migrationsList = await listMigrations(store)
  return withEngine(url, store.schema, async (engine) => {
    const known = await engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters: EVERYTHING })
    if (known.editedMigrationNames.length > 0) {
      throw new Error(`${store.service}: ${known.editedMigrationNames.join(', ')} was edited after it had been applied; add a new migration instead`)
    }
    if (known.hasMigrationsTable && known.history === null) return []
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: EVERYTHING })
    return appliedMigrationNames
  })
}

/**
 * Compares a database with a Prisma schema.
 *
 * @param schema - path of a `schema.prisma`
 * @returns the SQL that would make the database follow the schema; empty when it does
 */
export async function schemaDiff(schema: string, url: string): Promise<string> {
  const files = [{ path: schema, content: await readFile(schema, 'utf8') }]
  const { stdout } = await withEngine(url, schema, (engine) =>
    engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: '' },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: EVERYTHING,
    }),
  )
  const script = stdout?.trim() ?? ''
  return script === '-- This is an empty migration.' ? '' : script
}

async function createDatabase(url: string): Promise<void> {
  const maintenance = new URL(url)
  const name = decodeURIComponent(maintenance.pathname.slice(1))
  maintenance.pathname = '/postgres'
  const client = new pg.Client({ connectionString: maintenance.href })
  await client.connect()
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`)
  } catch (error) {
    if ((error as { code?: string }).code !== DATABASE_EXISTS) throw error
  } finally {
    await client.end()
  }
}

async function listMigrations(store: ServiceStore): Promise<MigrationList> {
  const migrationDirectories = (await Promise.all(store.migrations.map(readMigrations))).flat()
  const names = migrationDirectories.map(({ path }) => path)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new Error(`${store.service}: two migrations are called ${twice}; names are unique over ${store.migrations.join(' and ')}`)
  const lockfile = { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' }
  return { baseDir: store.migrations.at(-1) ?? '', lockfile, shadowDbInitScript: '', migrationDirectories }
}

async function readMigrations(folder: string): Promise<MigrationDirectory[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(names.sort().map((name) => readMigration(folder, name)))
}

async function readMigration(folder: string, name: string): Promise<MigrationDirectory> {
  const value = await readFile(join(folder, name, 'migration.sql'), 'utf8')
  return { path: name, migrationFile: { path: 'migration.sql', content: { tag: 'ok', value } } }
}
