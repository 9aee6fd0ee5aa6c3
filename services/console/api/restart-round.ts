import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { commandRound } from './command-round.js'
import type { Context } from './context.js'
import { COMMAND_TIMEOUT_MS } from './times.js'

/** An officer says that the plans are right now, for which the last run of a round is void. */
export const restartRound = (context: Context): Mounted =>
  implement(consoleEndpoints.restartRound, {
    timeoutMs: COMMAND_TIMEOUT_MS,
    handle: async (request) => {
      const { season, phase } = request.params
      const { run } = await commandRound(context, request, 'restart', (officer, id) => context.workflows.restart(season, phase, { officer }, id))
      return { phase, run }
    },
  })
