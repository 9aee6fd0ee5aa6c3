import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import type { Role } from '../../../contracts/roles.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { readSeason } from '../../../platform/windows/index.js'
import { countSeats, pageOfSchools } from '../store/schools.js'
import { publishedVacancies } from '../store/vacancies.js'
import type { Allocation } from './allocation.js'

/** Who may see how the seats stand before vacancies are published. */
const STAFF: readonly Role[] = ['district', 'city', 'ops', 'service']

/** Schools with their plans and what is left. */
export const listSchools = ({ database }: Allocation): Mounted =>
  implement(allocationEndpoints.listSchools, {
    handle: async ({ params: { season }, query: { district, limit, cursor }, caller }) => {
      await readSeason(database, season)
      const rows = await pageOfSchools(database, season, { district, after: cursor ?? '', limit: limit + 1 })
      const page = rows.slice(0, limit)
      const counts = new Map((await countSeats(database, season, page.map(({ id }) => id))).map((count) => [count.school, count]))
      const published = await publishedVacancies(database, season)
      const schools = page.map((school) => {
        const { plan, held, taken, free } = counts.get(school.id) ?? { plan: 0, held: 0, taken: 0, free: 0 }
        const left = published.get(school.id)
        return { ...school, plan, ...(STAFF.includes(caller.role) ? { held, taken, free } : left !== undefined && { free: left }) }
      })
      return { schools, ...(rows.length > limit && { next: page.at(-1)!.id }) }
    },
  })
