import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { problem } from '../../../platform/problem.js'
import { inclusionOf } from '../domain/draw/inclusion.js'
import { aboutChild, type Allocation } from './allocation.js'
import { readTranscript } from './get-transcript.js'

/** Shows a family that its unit is on the frozen list, with what it chose. */
export const getInclusion = ({ database, bulkTimeoutMs }: Allocation): Mounted =>
  implement(allocationEndpoints.getInclusion, {
    timeoutMs: bulkTimeoutMs,
    about: aboutChild(database),
    handle: async ({ params: { season, phase, child }, query, remainingMs }) => {
      const transcript = await readTranscript(database, { season, phase, run: query.run }, remainingMs())
      const found = inclusionOf(transcript, child)
      if (!found) throw problem('not-found', `The child is not on the list of ${phase}`)
      return found
    },
  })
