import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { cursorOf, placeOf } from '../domain/cursor.js'
import { readCases } from '../store/lists.js'
import { carryOut } from './command.js'
import type { Context } from './context.js'
import { maySeeNames } from './people.js'
import { aboutChild, knownChild, knownSeason, listedDistrict } from './scope.js'
import { caseView, iso } from './views.js'

/** Time for a decision that the child's workflow carries out with other services. */
const DECISION_TIMEOUT_MS = 20_000

export const mountListArrangementCases = (context: Context): Mounted =>
  implement(consoleEndpoints.listArrangementCases, {
    handle: async ({ params: { season }, query, caller }) => {
      await knownSeason(context, season)
      const { names, cursor, limit, state, phase } = query
      const rows = await readCases(context.database, season, {
        state, phase, limit, district: listedDistrict(caller, query.district), after: placeOf(cursor, 2) as [string, string] | undefined,
      })
      const shown = names && maySeeNames(caller) ? await context.people.namesOf(season, rows.map((row) => row.child)) : new Map<string, string>()
      const last = rows.length === limit ? rows.at(-1) : undefined
      return { cases: rows.map((row) => caseView(row, shown)), ...(last && { next: cursorOf(iso(last.openedAt), last.child) }) }
    },
  })

export const mountFlagChild = (context: Context): Mounted =>
  implement(consoleEndpoints.flagChild, {
    about: aboutChild(context),
    handle: async (request) => {
      const { params: { season, child }, body: { reason }, caller, receivedAt } = request
      await knownChild(context, season, child)
      await carryOut(context, request, { what: 'flag', season, target: child, reason }, () =>
        context.workflows.flag(season, child, { by: caller.subject, reason }))
      return { child, receivedAt: iso(receivedAt) }
    },
  })

export const mountArrangeChild = (context: Context): Mounted =>
  implement(consoleEndpoints.arrangeChild, {
    about: aboutChild(context),
    timeoutMs: DECISION_TIMEOUT_MS,
    handle: async (request) => {
      const { params: { season, child }, body: { decision, reason }, caller, receivedAt } = request
      await knownChild(context, season, child)
      const what = 'place' in decision ? `arrange ${decision.place}` : 'end'
      const answer = await carryOut(context, request, { what, season, target: child, reason }, (id) =>
        context.workflows.arrange(season, child, { officer: caller.subject, reason, decision }, id))
      return { child, receivedAt: iso(receivedAt), status: answer.status, ...(answer.school !== undefined && { school: answer.school }) }
    },
  })
