import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { commandRound } from './command-round.js'
import type { Context } from './context.js'
import { COMMAND_TIMEOUT_MS } from './times.js'

/** An officer's approval is told to the round, which counts different officers. */
export const approveRound = (context: Context): Mounted =>
  implement(consoleEndpoints.approveRound, {
    timeoutMs: COMMAND_TIMEOUT_MS,
    handle: async (request) => {
      const { season, phase } = request.params
      const { approvedBy } = await commandRound(context, request, 'approve', (officer, id) => context.workflows.approve(season, phase, { officer }, id))
      return { phase, approvals: approvedBy.length }
    },
  })
