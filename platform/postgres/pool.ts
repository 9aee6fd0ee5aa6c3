import { PrismaPg } from '@prisma/adapter-pg'
import { Pool, type PoolConfig } from 'pg'

export interface ConnectOptions {
  /** Shown in `pg_stat_activity`. */
  applicationName: string
  /** The server cancels a statement after this; 0 never. */
  statementTimeoutMs: number
  /** Connections at most. @default 16 */
  max?: number
}

/** The database of one service: the server's url with its path replaced by prefix and name. */
export function databaseUrl(config: { postgresUrl: string; databasePrefix: string }, name: string): string {
  const url = new URL(config.postgresUrl)
  url.pathname = `/${config.databasePrefix}${name.replaceAll('-', '_')}`
  return url.href
}

const poolConfig = (url: string, options: ConnectOptions): PoolConfig => ({
  connectionString: url,
  application_name: options.applicationName,
  statement_timeout: options.statementTimeoutMs,
  idle_in_transaction_session_timeout: options.statementTimeoutMs === 0 ? 0 : options.statementTimeoutMs * 5,
  connectionTimeoutMillis: 5_000,
  idleTimeoutMillis: 60_000,
  max: options.max ?? 16,
  keepAlive: true,
})

/**
 * A pg pool for what Prisma cannot do (COPY, LISTEN, advisory locks). A connection that breaks is replaced; the
 * error reaches whoever uses it, not the process.
 */
export function createPool(url: string, options: ConnectOptions): Pool {
  const pool = new Pool(poolConfig(url, options))
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** The driver adapter of a service's `new PrismaClient({ adapter })`. */
export const prismaAdapter = (url: string, options: ConnectOptions): PrismaPg =>
  new PrismaPg(poolConfig(url, options), { onPoolError: () => undefined })
