import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { commandRound } from './command-round.js'
import type { Context } from './context.js'
import { COMMAND_TIMEOUT_MS } from './times.js'

/** An officer wants the run of a round to be void; with the second one it is. */
export const voidRound = (context: Context): Mounted =>
  implement(consoleEndpoints.voidRound, {
    timeoutMs: COMMAND_TIMEOUT_MS,
    handle: async (request) => {
      const { params: { season, phase }, body: { reason } } = request
      const { run, askedBy, void: isVoid } = await commandRound(context, request, 'void', (officer, id) => context.workflows.voidRound(season, phase, { officer, reason }, id))
      return { phase, run, officers: askedBy.length, void: isVoid }
    },
  })
