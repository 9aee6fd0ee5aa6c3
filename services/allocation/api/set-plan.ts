import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { allowStatements } from '../store/database.js'
import type { Allocation } from './allocation.js'
import { change } from './catalogue.js'

/** Changes the plan of one school: the catalogue as it stands with another number, under the same rules. */
export const setPlan = ({ database, bulkTimeoutMs }: Allocation): Mounted =>
  implement(allocationEndpoints.setPlan, {
    timeoutMs: bulkTimeoutMs,
    handle: ({ params: { season, school: id }, body: { plan }, receivedAt, signal, remainingMs }) =>
      inTransaction(database, async (tx) => {
        await allowStatements(tx, bulkTimeoutMs)
        const stood = await change(tx, season, (stands) => {
          if (!stands.schools.some((school) => school.id === id)) throw problem('unknown-school', `Season ${season} has no school ${id}`)
          return { ...stands, schools: stands.schools.map((school) => (school.id === id ? { ...school, plan } : school)) }
        }, receivedAt)
        return { school: id, before: stood.schools.find((school) => school.id === id)!.plan, plan }
      }, { signal, timeoutMs: remainingMs() }),
  })
