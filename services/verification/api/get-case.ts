import { verificationEndpoints } from '../../../contracts/http/verification.js'
import { factsOf } from '../../../platform/facts/index.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { toldAtOf } from '../../../policies/timeline.js'
import { untold, viewOf } from '../domain/view.js'
import { aboutCase, requireCase } from './about-case.js'
import type { Room } from './room.js'

/** `getCase`: see its contract. A family learns an outcome on its day, like all others. */
export const getCase = ({ database, timelines }: Room): Mounted =>
  implement(verificationEndpoints.getCase, {
    about: ({ params }) => aboutCase(database, params),
    handle: async ({ params, caller, receivedAt }) => {
      const theCase = await requireCase(database, params)
      const { timeline, phase } = await timelines.phase(params.season, params.phase)
      const view = viewOf(timeline, phase, theCase, await factsOf(database, params.season, params.child))
      if (caller.role !== 'guardian' || phase.kind !== 'review' || receivedAt >= toldAtOf(phase)) return view
      return untold(view, phase, toldAtOf(phase))
    },
  })
