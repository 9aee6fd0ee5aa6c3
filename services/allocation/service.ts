import { z } from 'zod'
import type { BaseConfig } from '../../platform/config.js'
import { databaseCheck } from '../../platform/http/index.js'
import { learnerComponent } from '../../platform/facts/index.js'
import { relayComponent } from '../../platform/outbox/index.js'
import { databaseUrl } from '../../platform/postgres/index.js'
import type { ListenerDeps, Service } from '../../platform/service.js'
import { mountSeasons } from '../../platform/seasons/index.js'
import { allocationApi } from './api/index.js'
import { ceremonyConfig, ceremonyOf } from './ceremony.js'
import { onClose } from './events/close.js'
import { openDatabase, type Tx } from './store/database.js'

/** What this service needs of the configuration besides the common keys. */
export const allocationConfig = {
  ...ceremonyConfig,
  /** Time for what works on a whole season at once: a freeze, a decision, a close. */
  bulkTimeoutMs: z.coerce.number().int().positive().default(120_000),
} as const

const shape = z.object(allocationConfig)
export type AllocationConfig = z.output<typeof shape>

export type AllocationDeps = ListenerDeps & { config: BaseConfig & AllocationConfig }

/** Who gets which place: schools and zones, choices, rounds, seats. */
export function createAllocation(deps: AllocationDeps): Service {
  const { config, clock } = deps
  const url = databaseUrl(config, 'allocation')
  const database = openDatabase(url, { applicationName: 'allocation', statementTimeoutMs: config.statementTimeoutMs })
  return {
    endpoints: [
      ...mountSeasons<Tx>({ database, owner: 'allocation', drainMs: config.drainMs, closeTimeoutMs: config.bulkTimeoutMs, onClose }),
      ...allocationApi({ database, ceremony: ceremonyOf(config, deps), bulkTimeoutMs: config.bulkTimeoutMs }),
    ],
    components: [
      { name: 'allocation-database', start: () => database.$connect(), stop: () => database.$disconnect() },
      relayComponent('allocation', deps),
      learnerComponent('allocation', ['registration', 'verification'], deps, { database }),
    ],
    readiness: [databaseCheck(database, clock, config.maxClockSkewMs)],
  }
}
