import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { cursorOf, placeOf } from '../domain/cursor.js'
import { readCases } from '../store/lists.js'
import type { Context } from './context.js'
import { maySeeNames, NO_NAMES } from './people.js'
import { knownSeason, listedDistrict } from './scope.js'
import { PAGE_TIMEOUT_MS } from './times.js'
import { caseView, iso } from './views.js'

export const listArrangementCases = (context: Context): Mounted =>
  implement(consoleEndpoints.listArrangementCases, {
    timeoutMs: PAGE_TIMEOUT_MS,
    handle: async ({ params: { season }, query, caller }) => {
      await knownSeason(context, season)
      const { names, cursor, limit, state, phase } = query
      const rows = await readCases(context.database, season, {
        state, phase, limit, district: listedDistrict(caller, query.district), after: placeOf(cursor, 2) as [string, string] | undefined,
      })
      const shown = names && maySeeNames(caller) ? await context.people.namesOf(season, rows.map((row) => row.child)) : NO_NAMES
      const last = rows.length === limit ? rows.at(-1) : undefined
      return { cases: rows.map((row) => caseView(row, shown)), ...(last && { next: cursorOf(iso(last.openedAt), last.child) }) }
    },
  })
