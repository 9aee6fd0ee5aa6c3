import { prismaAdapter, type ConnectOptions } from '../../../platform/postgres/index.js'
import { PrismaClient, type Prisma } from './generated/client.js'

/** This service's database. */
export type Database = PrismaClient
/** A transaction on it. */
export type Tx = Prisma.TransactionClient

export const openDatabase = (url: string, options: ConnectOptions): Database => new PrismaClient({ adapter: prismaAdapter(url, options) })

/** The database's clock, epoch ms; what happens to a whole season is judged by it. */
export async function databaseNow(tx: Tx): Promise<number> {
  const [row] = await tx.$queryRawUnsafe<{ now: number }[]>('SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now')
  if (!row) throw new Error('PostgreSQL did not tell its time')
  return row.now
}

/** Everything read in this transaction is of one instant; must come before anything is read. */
export async function readOneInstant(tx: Tx): Promise<void> {
  await tx.$executeRawUnsafe('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ')
}

/** Lets the statements of this transaction take longer than a submission's may. */
export async function allowStatements(tx: Tx, timeoutMs: number): Promise<void> {
  await tx.$executeRawUnsafe(`SELECT set_config('statement_timeout', $1, true)`, `${Math.ceil(timeoutMs)}ms`)
}

/** Parts of at most `size` items, in order; one statement handles one part. */
export function* parts<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size)
}
