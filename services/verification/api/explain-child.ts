import { verificationEndpoints } from '../../../contracts/http/verification.js'
import { factOf, factsOf } from '../../../platform/facts/index.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { problem } from '../../../platform/problem.js'
import { windowsOf } from '../../../platform/windows/index.js'
import { explanationOf } from '../domain/explanation.js'
import { factsTold, untoldReviews } from '../domain/told.js'
import type { Room } from './room.js'

/** `explainChild`: see its contract. To a family nothing a review found before its day. */
export const explainChild = ({ database, timelines }: Room): Mounted =>
  implement(verificationEndpoints.explainChild, {
    about: async ({ params: { season, child } }) => {
      const roster = await factOf(database, season, child, 'roster', 'roster')
      return { guardian: roster?.guardian, district: roster?.district }
    },
    handle: async ({ params: { season, child }, caller, receivedAt }) => {
      const timeline = await timelines.of(season)
      const [facts, windows] = await Promise.all([factsOf(database, season, child), windowsOf(database, season)])
      if (!facts.some(({ aggregate }) => aggregate === 'roster')) throw problem('unknown-child', `There is no such child in ${season}`)
      const untold = untoldReviews(timeline, caller, receivedAt)
      const closed = windows.filter((window) => window.closed && !untold.has(window.phase)).map(({ phase }) => phase)
      return { child, ...explanationOf(timeline, factsTold(facts, untold), closed) }
    },
  })
