import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { aboutChild, factsOfKnown, type Allocation } from './allocation.js'

/** Published seats and outcomes of a child. */
export const getPlace = ({ database }: Allocation): Mounted =>
  implement(allocationEndpoints.getPlace, {
    about: aboutChild(database),
    handle: async ({ params: { season, child } }) => {
      const place = (await factsOfKnown(database, season, child)).find((fact) => fact.aggregate === 'place')
      return { child, revision: place?.revision ?? 0, held: place?.seats?.held ?? [], taken: place?.seats?.taken, outcomes: place?.outcomes ?? {} }
    },
  })
