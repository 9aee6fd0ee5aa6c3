import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { lockCatalogue, readCatalogue } from '../store/catalogue.js'
import { allowStatements } from '../store/database.js'
import type { Allocation } from './allocation.js'
import { put } from './catalogue.js'

/** Changes the plan of one school: the catalogue as it stands with another number, under the same rules. */
export const setPlan = ({ database, bulkTimeoutMs }: Allocation): Mounted =>
  implement(allocationEndpoints.setPlan, {
    timeoutMs: bulkTimeoutMs,
    handle: ({ params: { season, school: id }, body: { plan }, receivedAt, signal, remainingMs }) =>
      inTransaction(database, async (tx) => {
        await allowStatements(tx, bulkTimeoutMs)
        await lockCatalogue(tx, 'SHARE ROW EXCLUSIVE')
        const stands = await readCatalogue(tx, season)
        const school = stands.schools.find((one) => one.id === id)
        if (!school) throw problem('unknown-school', `Season ${season} has no school ${id}`)
        await put(tx, season, { ...stands, schools: stands.schools.map((one) => (one === school ? { ...one, plan } : one)) }, receivedAt)
        return { school: id, before: school.plan, plan }
      }, { signal, timeoutMs: remainingMs() }),
  })
