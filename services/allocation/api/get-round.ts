import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { roundOf } from '../store/rounds.js'
import { lastStepOf } from '../store/steps.js'
import { voidsOf } from '../store/voids.js'
import { iso, phaseOf, type Allocation } from './allocation.js'
import { roundView } from './round-view.js'

/** The record of a round. */
export const getRound = ({ database }: Allocation): Mounted =>
  implement(allocationEndpoints.getRound, {
    handle: async ({ params: { season, phase } }) => {
      await phaseOf(database, season, phase, 'round')
      const row = await roundOf(database, season, phase)
      const voids = await voidsOf(database, season, phase)
      return {
        ...roundView(season, phase, row, row && (await lastStepOf(database, { season, phase, run: row.run, supplement: row.supplement }))),
        ...(voids.length > 0 && { voids: voids.map(({ voidedAt, ...one }) => ({ ...one, at: iso(voidedAt) })) }),
      }
    },
  })
