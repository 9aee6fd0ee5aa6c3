import type { Pool } from 'pg'
import { createPool, databaseUrl, prismaAdapter } from '../../../platform/postgres/index.js'
import { PrismaClient, type Prisma } from './generated/client.js'

export type Tx = Prisma.TransactionClient

/** Registration's database: Prisma for requests, a pg pool for what needs a session of its own. */
export interface Database {
  prisma: PrismaClient
  /** For COPY, advisory locks and the outbox relay. */
  pool: Pool
}

export interface DatabaseConfig {
  postgresUrl: string
  databasePrefix: string
  statementTimeoutMs: number
}

/** Connections are made when first used. */
export function openDatabase(config: DatabaseConfig): Database {
  const url = databaseUrl(config, 'registration')
  return {
    prisma: new PrismaClient({
      adapter: prismaAdapter(url, { applicationName: 'registration', statementTimeoutMs: config.statementTimeoutMs }),
    }),
    pool: createPool(url, { applicationName: 'registration-bulk', statementTimeoutMs: 0, max: 6 }),
  }
}

export async function closeDatabase({ prisma, pool }: Database): Promise<void> {
  await Promise.all([prisma.$disconnect(), pool.end()])
}
