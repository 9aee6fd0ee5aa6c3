import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { cursorOf, placeOf } from '../domain/cursor.js'
import { readActions } from '../store/actions.js'
import type { Context } from './context.js'
import { iso } from './views.js'

export const listActions = ({ database }: Context): Mounted =>
  implement(consoleEndpoints.listActions, {
    handle: async ({ params: { season }, query: { limit, cursor } }) => {
      const rows = await readActions(database, season, { limit, before: placeOf(cursor, 1)?.[0] })
      const last = rows.length === limit ? rows.at(-1) : undefined
      return {
        actions: rows.map(({ id, who, role, what, season: of, target, reason, at, result, problem }) => ({
          id, who, role, what, at: iso(at), result,
          ...(of !== null && { season: of }),
          ...(target !== null && { target }),
          ...(reason !== null && { reason }),
          ...(problem !== null && { problem }),
        })),
        ...(last && { next: cursorOf(String(last.position)) }),
      }
    },
  })
