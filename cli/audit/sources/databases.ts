import pg from 'pg'
import { databaseUrl } from '../../../platform/postgres/index.js'

const DATABASES = ['registration', 'verification', 'allocation', 'notification', 'console'] as const
export type DatabaseName = (typeof DATABASES)[number]
export const OWNERS = ['registration', 'verification', 'allocation', 'notification'] as const satisfies readonly DatabaseName[]

/** Reads the services' databases as they are, without any code of theirs. */
export interface Databases {
  query<R extends object>(name: DatabaseName, sql: string, ...values: unknown[]): Promise<R[]>
  close(): Promise<void>
}

export function openDatabases(urls: { postgresUrl: string; databasePrefix: string }): Databases {
  const pools = new Map(DATABASES.map((name) => [
    name,
    new pg.Pool({ connectionString: databaseUrl(urls, name), application_name: 'ruxue-audit', max: 2 }),
  ]))
  for (const pool of pools.values()) pool.on('error', () => undefined)
  return {
    query: async <R extends object>(name: DatabaseName, sql: string, ...values: unknown[]) => (await pools.get(name)!.query(sql, values)).rows as R[],
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.end()))
    },
  }
}
