import { verificationEndpoints } from '../../../contracts/http/verification.js'
import { factsOf } from '../../../platform/facts/index.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { viewOf } from '../domain/view.js'
import { aboutCase, requireCase } from './about-case.js'
import type { Room } from './room.js'

/** `getCase`: see its contract. */
export const getCase = ({ database, timelines }: Room): Mounted =>
  implement(verificationEndpoints.getCase, {
    about: ({ params }) => aboutCase(database, params),
    handle: async ({ params }) => {
      const theCase = await requireCase(database, params)
      const { timeline, phase } = await timelines.phase(params.season, params.phase)
      return viewOf(timeline, phase, theCase, await factsOf(database, params.season, params.child))
    },
  })
