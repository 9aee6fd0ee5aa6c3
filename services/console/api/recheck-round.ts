import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { commandRound } from './command-round.js'
import type { Context } from './context.js'
import { COMMAND_TIMEOUT_MS } from './times.js'

/** An officer says that the fault is mended for which groups of a round are held back; what was mended is recorded. */
export const recheckRound = (context: Context): Mounted =>
  implement(consoleEndpoints.recheckRound, {
    timeoutMs: COMMAND_TIMEOUT_MS,
    handle: async (request) => {
      const { season, phase } = request.params
      const { supplement } = await commandRound(context, request, 'recheck', (officer, id) => context.workflows.recheck(season, phase, { officer }, id))
      return { phase, supplement }
    },
  })
