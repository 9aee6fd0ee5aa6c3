import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { carryOut } from './command.js'
import type { Context } from './context.js'
import { knownSeason } from './scope.js'
import { COMMAND_TIMEOUT_MS } from './times.js'
import { iso } from './views.js'

export const extendPhase = (context: Context): Mounted =>
  implement(consoleEndpoints.extendPhase, {
    timeoutMs: COMMAND_TIMEOUT_MS,
    handle: async (request) => {
      const { params: { season, phase }, body: { closesAt, reason }, caller } = request
      await knownSeason(context, season)
      const command = { what: `extend to ${closesAt}`, season, target: phase, reason }
      const answer = await carryOut(context, request, command, (id) =>
        context.workflows.extendPhase(season, { phase, closesAt: Date.parse(closesAt), officer: caller.subject, reason }, id))
      return { phase: answer.phase, closesAt: iso(answer.closesAt) }
    },
  })
