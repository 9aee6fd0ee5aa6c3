import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { carryOut } from './command.js'
import type { Context } from './context.js'
import { knownSeason } from './scope.js'
import { COMMAND_TIMEOUT_MS } from './times.js'

/** An officer says that the fault is mended for which groups of a round are held back; what was mended is recorded. */
export const recheckRound = (context: Context): Mounted =>
  implement(consoleEndpoints.recheckRound, {
    timeoutMs: COMMAND_TIMEOUT_MS,
    handle: async (request) => {
      const { params: { season, phase }, body: { reason }, caller } = request
      await knownSeason(context, season)
      const { supplement } = await carryOut(context, request, { what: 'recheck', season, target: phase, reason }, (id) =>
        context.workflows.recheck(season, phase, { officer: caller.subject }, id))
      return { phase, supplement }
    },
  })
