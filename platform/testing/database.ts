import { randomBytes } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Client, type Pool } from 'pg'
import { createPool } from '../postgres/pool.js'
import { pgSql, type Sql } from '../postgres/sql.js'
import { inPoolTransaction, type Transactional } from '../postgres/transaction.js'

/** A database whose transactions run over pg, in the shape of a Prisma client. */
export type TestClient = Sql & Transactional<Sql>

export const testClient = (pool: Pool): TestClient => ({
  ...pgSql(pool),
  $transaction: (run) => inPoolTransaction(pool, run),
})

export interface TestDatabase {
  url: string
  pool: Pool
  /** Closes the pool and drops the database. */
  drop(): Promise<void>
}

const MIGRATIONS = fileURLToPath(new URL('../postgres/migrations/', import.meta.url))

/** A database of its own on the given PostgreSQL server, with the platform's shared tables. */
export async function createTestDatabase(server: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await onServer(server, `CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const pool = createPool(url.href, { applicationName: 'test', statementTimeoutMs: 20_000, max: 12 })
  for (const migration of (await readdir(MIGRATIONS)).sort()) {
    await pool.query(await readFile(`${MIGRATIONS}${migration}/migration.sql`, 'utf8'))
  }
  return {
    url: url.href,
    pool,
    drop: async () => {
      // Not awaited: a test that failed may have left a connection checked out, and dropping by force ends it.
      void pool.end()
      await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
