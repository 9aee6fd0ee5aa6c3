import { LRUCache } from 'lru-cache'
import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { problem } from '../../../platform/problem.js'
import { inclusionsOf } from '../domain/draw/inclusion.js'
import { roundOf } from '../store/rounds.js'
import { aboutChild, phaseOf, type Allocation } from './allocation.js'
import { readTranscript } from './get-transcript.js'

/** Draws whose families ask about the same time; a list of a whole city is some 100 MB. */
const KEPT = 2

/** Shows a family that its unit is on the frozen list, with what it chose. A list never changes, so it is read once. */
export const getInclusion = ({ database, bulkTimeoutMs }: Allocation): Mounted => {
  const lists = new LRUCache<string, Promise<ReturnType<typeof inclusionsOf>>>({ max: KEPT })
  return implement(allocationEndpoints.getInclusion, {
    timeoutMs: bulkTimeoutMs,
    about: aboutChild(database),
    handle: async ({ params: { season, phase, child }, query, remainingMs }) => {
      await phaseOf(database, season, phase, 'round')
      const round = await roundOf(database, season, phase)
      const run = query.run ?? round?.run
      if (run === undefined || !round || run > round.run) throw problem('not-found', `${phase} has no such draw`)
      const key = `${season}/${phase}/${run}`
      const list = lists.get(key) ?? readTranscript(database, { season, phase, run }, remainingMs()).then(inclusionsOf)
      lists.set(key, list)
      const found = (await list.catch((error: unknown) => {
        lists.delete(key)
        throw error
      }))(child)
      if (!found) throw problem('not-found', `The child is not on the list of ${phase}`)
      return found
    },
  })
}
