import type { About } from '../../../contracts/roles.js'
import { factOf } from '../../../platform/facts/index.js'
import { problem } from '../../../platform/problem.js'
import type { Case } from '../domain/case.js'
import { readCase, type CaseKey } from '../store/cases.js'
import type { Database } from '../store/database.js'

/** @throws Problem `not-found` */
export async function requireCase(database: Database, key: CaseKey): Promise<Case> {
  const theCase = await readCase(database, key)
  if (theCase) return theCase
  throw problem('not-found', `There is no case of ${key.phase} for this child`)
}

/**
 * Whose matter a case is: the child's guardian's, the reviewing school's, its district's.
 * @throws Problem `not-found`
 */
export async function aboutCase(database: Database, key: CaseKey): Promise<About> {
  const { school, district } = await requireCase(database, key)
  const roster = await factOf(database, key.season, key.child, 'roster', 'roster')
  return { guardian: roster?.guardian, schools: school === undefined ? [] : [school], district: district ?? roster?.district }
}
