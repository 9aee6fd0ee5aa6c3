import type { Database } from '../store/database.js'
import type { Identities } from '../domain/identities.js'

/** What the endpoints stand on. */
export interface Deps {
  database: Database
  ids: Identities
}
