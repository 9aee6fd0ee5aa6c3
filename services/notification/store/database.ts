import { prismaAdapter, type ConnectOptions } from '../../../platform/postgres/index.js'
import { PrismaClient, type Prisma } from './generated/client.js'

/** This service's database. */
export type Database = PrismaClient
/** A transaction on it. */
export type Tx = Prisma.TransactionClient

/** @param url of the service's own database */
export const openDatabase = (url: string, options: ConnectOptions): Database =>
  new PrismaClient({ adapter: prismaAdapter(url, options) })
