import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { carryOut } from './command.js'
import type { Context } from './context.js'
import { knownSeason } from './scope.js'
import { COMMAND_TIMEOUT_MS } from './times.js'

/** An officer's approval is told to the round, which counts different officers. */
export const approveRound = (context: Context): Mounted =>
  implement(consoleEndpoints.approveRound, {
    timeoutMs: COMMAND_TIMEOUT_MS,
    handle: async (request) => {
      const { params: { season, phase }, caller } = request
      await knownSeason(context, season)
      const { approvedBy } = await carryOut(context, request, { what: 'approve', season, target: phase }, (id) =>
        context.workflows.approve(season, phase, { officer: caller.subject }, id))
      return { phase, approvals: approvedBy.length }
    },
  })
