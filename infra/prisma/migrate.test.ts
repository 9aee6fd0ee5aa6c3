import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import pg from 'pg'
import { beforeEach, describe, expect, it } from 'vitest'

import { freshFolder } from '../../tests/support/folder.js'
import { testStack, uniqueName } from '../../tests/support/stack.js'
import { databaseUrl } from '../stack/addresses.js'
import { migrateStore, schemaDiff } from './migrate.js'
import { PLATFORM_MIGRATIONS, PLATFORM_SCHEMA, serviceStores, storeAt, type ServiceStore } from './stores.js'

const SCHEMA = `datasource db {
  provider = "postgresql"
}

model Desk {
  id     String @id
  number Int    @unique
}
`
const CREATE_DESK = `
-- A semicolon in a comment; must not cut the script.
CREATE TABLE "Desk" ("id" TEXT NOT NULL, "number" INTEGER NOT NULL, CONSTRAINT "Desk_pkey" PRIMARY KEY ("id"));
CREATE UNIQUE INDEX "Desk_number_key" ON "Desk"("number");
CREATE FUNCTION twice(n INTEGER) RETURNS INTEGER LANGUAGE plpgsql AS $$ BEGIN n := n * 2; RETURN n; END $$;
`

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

describe('migrating', () => {
  let store: ServiceStore
  let url: string

  async function addMigration(name: string, sql: string): Promise<void> {
    const folder = join(store.schema, '..', 'migrations', name)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'migration.sql'), sql)
  }

  beforeEach(async () => {
    const folder = await freshFolder()
    await mkdir(join(folder, 'migrations'))
    store = storeAt('desks', folder)
    await writeFile(store.schema, SCHEMA)
    await addMigration('0101_desks', CREATE_DESK)
    url = databaseUrl((await testStack()).postgresUrl, uniqueName('migrate_'))
  })

  it("creates the database and applies the platform's migrations, then the service's, once", async () => {
    const applied = await migrateStore(store, url)
    expect(applied.at(0)).toBe('0001_shared_tables')
    expect(applied.at(-1)).toBe('0101_desks')
    expect(await query(url, 'SELECT twice(21)')).toEqual([{ twice: 42 }])
    expect(await migrateStore(store, url)).toEqual([])
  })

  it('applies only what is new', async () => {
    await migrateStore(store, url)
    await addMigration('0102_room', 'CREATE TABLE "Room" ("id" TEXT PRIMARY KEY)')
    expect(await migrateStore(store, url)).toEqual(['0102_room'])
  })

  it('refuses a migration that was edited after it had been applied', async () => {
    await migrateStore(store, url)
    await addMigration('0101_desks', `${CREATE_DESK}\nSELECT 1;`)
    await expect(migrateStore(store, url)).rejects.toThrow('desks: 0101_desks was edited after it had been applied')
  })

  it('leaves nothing of a migration that fails', async () => {
    await addMigration('0102_broken', 'CREATE TABLE half (id INT); SELECT no_such_function();')
    await expect(migrateStore(store, url)).rejects.toThrow('no_such_function')
    expect(await query(url, "SELECT to_regclass('half')")).toEqual([{ to_regclass: null }])
  })

  it('refuses two migrations of one name', async () => {
    await addMigration('0001_shared_tables', 'SELECT 1')
    await expect(migrateStore(store, url)).rejects.toThrow(`two migrations are called 0001_shared_tables; names are unique over ${PLATFORM_MIGRATIONS}`)
  })

  it('is seen to follow the schema, or not', async () => {
    await migrateStore(store, url)
    expect(await schemaDiff(store.schema, url)).toBe('')
    await writeFile(store.schema, SCHEMA.replace('number Int ', 'number Int? '))
    expect(await schemaDiff(store.schema, url)).toContain('ALTER COLUMN "number" DROP NOT NULL')
  })
})

describe.each(serviceStores())("$service's migrations", (store) => {
  it('make exactly the tables that its schema and that of the platform describe', async () => {
    const url = databaseUrl((await testStack()).postgresUrl, uniqueName('diff_'))
    await migrateStore(store, url)
    expect(await schemaDiff(store.schema, url)).toBe('')
    expect(await schemaDiff(PLATFORM_SCHEMA, url)).toBe('')
  })
})
