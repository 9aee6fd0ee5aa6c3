import type { About, Caller } from '../../../contracts/roles.js'
import { problem } from '../../../platform/problem.js'
import { readSeasonRow, type SeasonRow } from '../store/calendar.js'
import { readChild, type ChildRow } from '../store/lists.js'
import type { Context } from './context.js'

/**
 * The only district a caller may see, undefined where that is every one.
 * @throws Problem `forbidden` for a district's officer whose token names none
 */
export function ownDistrict({ role, district }: Caller): string | undefined {
  if (role !== 'district') return undefined
  if (district === undefined) throw problem('forbidden', 'The token names no district')
  return district
}

/**
 * The district to list: the caller's own, or the one asked for.
 * @throws Problem `forbidden` if a district's officer asks for another district
 */
export function listedDistrict(caller: Caller, asked: string | undefined): string | undefined {
  const own = ownDistrict(caller)
  if (own !== undefined && asked !== undefined && asked !== own) throw problem('forbidden', 'This is another district’s')
  return own ?? asked
}

/** @throws Problem `unknown-season` */
export async function knownSeason({ database }: Pick<Context, 'database'>, season: string): Promise<SeasonRow> {
  const row = await readSeasonRow(database, season)
  if (!row) throw problem('unknown-season', `There is no season ${season}`)
  return row
}

/** @throws Problem `unknown-child` */
export async function knownChild({ database }: Pick<Context, 'database'>, season: string, child: string): Promise<ChildRow> {
  const row = await readChild(database, season, child)
  if (!row) throw problem('unknown-child', `There is no child ${child} in ${season}`)
  return row
}

/** Whose child it is; nobody's where it is not known. */
export const aboutChild = ({ database }: Pick<Context, 'database'>) =>
  async ({ params: { season, child } }: { params: { season: string; child: string } }): Promise<About> => ({
    district: (await readChild(database, season, child))?.district ?? undefined,
  })
