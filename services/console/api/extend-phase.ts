import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { carryOut } from './command.js'
import type { Context } from './context.js'
import { knownSeason } from './scope.js'
import { iso } from './views.js'

/** Time for an extension that the season's workflow carries out with the owner. */
const EXTENSION_TIMEOUT_MS = 20_000

export const extendPhase = (context: Context): Mounted =>
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
