import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { problem } from '../../../platform/problem.js'
import { pageOfSeats, schoolOf } from '../store/schools.js'
import type { Allocation } from './allocation.js'

/** Children with a published seat at a school, by their ids. */
export const listPlaces = ({ database }: Allocation): Mounted =>
  implement(allocationEndpoints.listPlaces, {
    about: async ({ params }) => ({ schools: [params.school] }),
    handle: async ({ params: { season, school }, query: { limit, cursor } }) => {
      if (!(await schoolOf(database, season, school))) throw problem('unknown-school', `There is no school ${school}`)
      const rows = await pageOfSeats(database, season, school, { after: cursor ?? '', limit: limit + 1 })
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      return {
        children: page.map(({ child, basis, taken }) => ({ child, basis, state: taken ? ('taken' as const) : ('held' as const) })),
        ...(rows.length > limit && last && { next: `${last.child}/${last.basis}` }),
      }
    },
  })
