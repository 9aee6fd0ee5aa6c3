import { notificationEndpoints } from '../../../contracts/http/notification.js'
import { factOf } from '../../../platform/facts/index.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { problem } from '../../../platform/problem.js'
import { papersOf } from '../store/papers.js'
import { aboutChild } from './about-child.js'
import type { Room } from './room.js'
import { viewOf } from './view.js'

/** `listPapers`: see its contract. */
export const listPapers = ({ database }: Room): Mounted =>
  implement(notificationEndpoints.listPapers, {
    about: ({ params: { season, child } }) => aboutChild(database, season, child),
    handle: async ({ params: { season, child } }) => {
      const papers = await papersOf(database, season, child)
      if (papers.length === 0 && !(await factOf(database, season, child, 'roster', 'roster'))) {
        throw problem('unknown-child', `There is no such child in ${season}`)
      }
      return { papers: papers.map(viewOf) }
    },
  })
