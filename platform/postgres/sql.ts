import type { Pool, PoolClient } from 'pg'

/**
 * The raw part of a Prisma client or transaction; what platform code needs of a database. Parameters are
 * strings, numbers, booleans or arrays of strings; the statements cast them.
 */
export interface Sql {
  $queryRawUnsafe<T = unknown>(query: string, ...values: unknown[]): PromiseLike<T>
  /** @returns the number of rows touched */
  $executeRawUnsafe(query: string, ...values: unknown[]): PromiseLike<number>
}

/** A pg connection or pool as `Sql`. */
export const pgSql = (client: Pool | PoolClient): Sql => ({
  $queryRawUnsafe: async <T>(query: string, ...values: unknown[]) => (await client.query(query, values)).rows as T,
  $executeRawUnsafe: async (query, ...values) => (await client.query(query, values)).rowCount ?? 0,
})

/** An instant in epoch ms as a parameter for `::timestamptz`. */
export const sqlInstant = (at: number): string => new Date(at).toISOString()

/** SQL that reads a timestamptz column as epoch ms. */
export const asMs = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`
