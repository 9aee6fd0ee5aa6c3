import type { About } from '../../../contracts/roles.js'
import { factOf } from '../../../platform/facts/index.js'
import type { Database } from '../store/database.js'

/** Whose matter a child is, as the roster says: its guardian's and its district's. */
export async function aboutChild(database: Database, season: string, child: string): Promise<About> {
  const roster = await factOf(database, season, child, 'roster', 'roster')
  return { guardian: roster?.guardian, district: roster?.district }
}
