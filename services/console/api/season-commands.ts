import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { cursorOf, placeOf } from '../domain/cursor.js'
import { readActions } from '../store/actions.js'
import { carryOut } from './command.js'
import type { Context } from './context.js'
import { knownSeason } from './scope.js'
import { iso } from './views.js'

const EXTENSION_TIMEOUT_MS = 20_000

export const mountStartSeason = (context: Context): Mounted =>
  implement(consoleEndpoints.startSeason, {
    handle: (request) => {
      const { season, timeline } = request.body
      const { id, version, hash } = timeline.policy
      return carryOut(context, request, { what: 'start-season', season, target: `${id} ${version} ${hash}` }, async () => ({
        season,
        ...(await context.workflows.startSeason(season, timeline)),
      }))
    },
  })

export const mountExtendPhase = (context: Context): Mounted =>
  implement(consoleEndpoints.extendPhase, {
    timeoutMs: EXTENSION_TIMEOUT_MS,
    handle: async (request) => {
      const { params: { season, phase }, body: { closesAt, reason }, caller } = request
      await knownSeason(context, season)
      const command = { what: `extend to ${closesAt}`, season, target: phase, reason }
      const answer = await carryOut(context, request, command, (id) =>
        context.workflows.extendPhase(season, { phase, closesAt: Date.parse(closesAt), officer: caller.subject, reason }, id))
      return { phase: answer.phase, closesAt: iso(answer.closesAt) }
    },
  })

export const mountListActions = ({ database }: Context): Mounted =>
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
