import { notificationEndpoints } from '../../../contracts/http/notification.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { listMessages as read } from '../store/messages.js'
import type { Room } from './room.js'

/** `listMessages`: see its contract. */
export const listMessages = ({ database, timelines }: Room): Mounted =>
  implement(notificationEndpoints.listMessages, {
    handle: async ({ params: { season }, query: { state, limit, cursor } }) => {
      await timelines.of(season)
      const rows = await read(database, { season, state, after: cursor, limit: limit + 1 })
      const shown = rows.slice(0, limit)
      const last = shown.at(-1)
      return {
        messages: shown.map(({ number, ...message }) => ({ ...message, paper: number })),
        ...(rows.length > limit && last && { next: last.id }),
      }
    },
  })
