import { databaseCheck } from '../../platform/http/index.js'
import { learnerComponent } from '../../platform/facts/index.js'
import { relayComponent } from '../../platform/outbox/index.js'
import type { ListenerDeps, Service } from '../../platform/service.js'
import { mountSeasons } from '../../platform/seasons/index.js'
import { mountRegistration } from './api/index.js'
import { identitiesOf } from './domain/identities.js'
import { freezePhase } from './events/close.js'
import { readingOfOthers } from './events/consume.js'
import { closeDatabase, openDatabase, type Tx } from './store/database.js'

/** What this service needs of the configuration besides the common keys: nothing. */
export const registrationConfig = {} as const

/** Who asks: roster, forms, amendments, twins, withdrawal. */
export function createRegistration(deps: ListenerDeps): Service {
  const { config, clock } = deps
  const database = openDatabase(config)
  return {
    endpoints: [
      ...mountSeasons<Tx>({
        database: database.prisma, owner: 'registration', drainMs: config.drainMs,
        onClose: (tx, season, phase) => freezePhase(tx, season, phase),
      }),
      ...mountRegistration({ database, ids: identitiesOf(config.idKey) }),
    ],
    components: [
      { name: 'registration-database', start: () => database.prisma.$connect(), stop: () => closeDatabase(database) },
      relayComponent('registration', deps),
      learnerComponent('registration', ['verification', 'allocation'], deps, readingOfOthers(database)),
    ],
    readiness: [databaseCheck(database.prisma, clock, config.maxClockSkewMs)],
  }
}
