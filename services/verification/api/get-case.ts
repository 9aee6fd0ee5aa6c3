import { verificationEndpoints } from '../../../contracts/http/verification.js'
import { factsOf } from '../../../platform/facts/index.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { toldAtOf } from '../../../policies/timeline.js'
import { asBegun, factsTold, untoldReviews } from '../domain/told.js'
import { viewOf } from '../domain/view.js'
import { aboutCase, requireCase } from './about-case.js'
import type { Room } from './room.js'

/** `getCase`: see its contract. A family learns an outcome, and what led to it, on its day, like all others. */
export const getCase = ({ database, timelines }: Room): Mounted =>
  implement(verificationEndpoints.getCase, {
    about: ({ params }) => aboutCase(database, params),
    handle: async ({ params, caller, receivedAt }) => {
      const theCase = await requireCase(database, params)
      const { timeline, phase } = await timelines.phase(params.season, params.phase)
      const untold = untoldReviews(timeline, caller, receivedAt)
      const told = factsTold(await factsOf(database, params.season, params.child), untold)
      if (phase.kind !== 'review' || !untold.has(phase.id)) return viewOf(timeline, phase, theCase, told)
      return { ...viewOf(timeline, phase, asBegun(theCase, phase), told), toldAt: new Date(toldAtOf(phase)).toISOString() }
    },
  })
