import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { carryOut } from './command.js'
import type { Context } from './context.js'
import { knownSeason } from './scope.js'
import { COMMAND_TIMEOUT_MS } from './times.js'

/** An officer says that the plans are right now, for which the last run of a round is void. */
export const restartRound = (context: Context): Mounted =>
  implement(consoleEndpoints.restartRound, {
    timeoutMs: COMMAND_TIMEOUT_MS,
    handle: async (request) => {
      const { params: { season, phase }, caller } = request
      await knownSeason(context, season)
      const { run } = await carryOut(context, request, { what: 'restart', season, target: phase }, (id) =>
        context.workflows.restart(season, phase, { officer: caller.subject }, id))
      return { phase, run }
    },
  })
