import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const HOME = fileURLToPath(new URL('../..', import.meta.url))
const SERVICES = join(HOME, 'services')
/** Description of the tables in the schema `platform`, which every service's database has. */
export const PLATFORM_SCHEMA = join(HOME, 'platform', 'postgres', 'prisma', 'platform.prisma')
/** Their migrations, which come before a service's own. */
export const PLATFORM_MIGRATIONS = join(HOME, 'platform', 'postgres', 'migrations')

/** The database of a service as its `store/` describes it. */
export interface ServiceStore {
  readonly service: string
  /** The service's Prisma schema. */
  readonly schema: string
  /** The generated client, not kept in git. */
  readonly generated: string
  /** Folders of migrations, in the order in which they are applied. Migration names are unique over all of them. */
  readonly migrations: readonly string[]
}

/** @returns the stores of all services that have a database, by name. */
export function serviceStores(): ServiceStore[] {
  if (!existsSync(SERVICES)) return []
  return readdirSync(SERVICES)
    .sort()
    .filter((service) => existsSync(join(SERVICES, service, 'store', 'schema.prisma')))
    .map((service) => storeAt(service, join(SERVICES, service, 'store')))
}

/**
 * @returns the store of one service
 * @throws Error when the service has none
 */
export function serviceStore(service: string): ServiceStore {
  const store = serviceStores().find((each) => each.service === service)
  if (store === undefined) throw new Error(`services/${service}/store/schema.prisma does not exist`)
  return store
}

/** @returns the store kept in a folder. */
export function storeAt(service: string, folder: string): ServiceStore {
  const migrations = [PLATFORM_MIGRATIONS, join(folder, 'migrations')].filter((path) => existsSync(path))
  return { service, schema: join(folder, 'schema.prisma'), generated: join(folder, 'generated'), migrations }
}
