import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { carryOut } from './command.js'
import type { Context } from './context.js'
import { knownSeason } from './scope.js'
import { COMMAND_TIMEOUT_MS } from './times.js'

/** An officer wants the run of a round to be void; with the second one it is. */
export const voidRound = (context: Context): Mounted =>
  implement(consoleEndpoints.voidRound, {
    timeoutMs: COMMAND_TIMEOUT_MS,
    handle: async (request) => {
      const { params: { season, phase }, body: { reason }, caller } = request
      await knownSeason(context, season)
      const { run, askedBy, void: isVoid } = await carryOut(context, request, { what: 'void', season, target: phase, reason }, (id) =>
        context.workflows.voidRound(season, phase, { officer: caller.subject, reason }, id))
      return { phase, run, officers: askedBy.length, void: isVoid }
    },
  })
