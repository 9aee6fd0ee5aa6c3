import { notificationEndpoints } from '../../../contracts/http/notification.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { problem } from '../../../platform/problem.js'
import { renderPaper } from '../domain/render.js'
import { peopleFor, recipientOf } from '../events/people.js'
import { gather } from '../events/rendering.js'
import { readPaper as read } from '../store/papers.js'
import { aboutChild } from './about-child.js'
import type { Room } from './room.js'

/** `readPaper`: see its contract. The text is made now and kept nowhere. */
export const readPaper = ({ database, timelines, registration }: Room): Mounted =>
  implement(notificationEndpoints.readPaper, {
    about: ({ params: { season, child } }) => aboutChild(database, season, child),
    handle: async ({ params, query }) => {
      const paper = await read(database, params)
      const person = paper && (await peopleFor(registration, params.season, [params.child], 'notice')).get(params.child)
      if (!paper || !person) throw problem('not-found', `There is no ${params.kind} of ${params.phase} for this child`)
      const content = (await gather(database, timelines, params.season, [paper])).get(paper.number)
      if (!content) throw new Error(`paper ${paper.number} has no content`)
      return { number: paper.number, ...renderPaper({ ...content, recipient: recipientOf(person) }, query.language) }
    },
  })
