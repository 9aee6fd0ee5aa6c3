import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { cursorOf, placeOf } from '../domain/cursor.js'
import { readChildren } from '../store/lists.js'
import type { Context } from './context.js'
import { maySeeNames, NO_NAMES } from './people.js'
import { knownSeason, listedDistrict } from './scope.js'
import { PAGE_TIMEOUT_MS } from './times.js'
import { childView } from './views.js'

export const listChildren = (context: Context): Mounted =>
  implement(consoleEndpoints.listChildren, {
    timeoutMs: PAGE_TIMEOUT_MS,
    handle: async ({ params: { season }, query, caller }) => {
      await knownSeason(context, season)
      const { names, cursor, limit, ...filter } = query
      const rows = await readChildren(context.database, season, {
        ...filter,
        district: listedDistrict(caller, query.district),
        limit,
        after: placeOf(cursor, 1)?.[0],
      })
      const shown = names && maySeeNames(caller) ? await context.people.namesOf(season, rows.map((row) => row.child)) : NO_NAMES
      const last = rows.length === limit ? rows.at(-1) : undefined
      return { children: rows.map((row) => childView(row, shown)), ...(last && { next: cursorOf(last.child) }) }
    },
  })
