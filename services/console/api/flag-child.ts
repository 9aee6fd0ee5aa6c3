import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { carryOut } from './command.js'
import type { Context } from './context.js'
import { aboutChild, knownChild } from './scope.js'
import { COMMAND_TIMEOUT_MS } from './times.js'
import { iso } from './views.js'

export const flagChild = (context: Context): Mounted =>
  implement(consoleEndpoints.flagChild, {
    about: aboutChild(context),
    timeoutMs: COMMAND_TIMEOUT_MS,
    handle: async (request) => {
      const { params: { season, child }, body: { reason }, caller, receivedAt } = request
      await knownChild(context, season, child)
      await carryOut(context, request, { what: 'flag', season, target: child, reason }, () =>
        context.workflows.flag(season, child, { by: caller.subject, reason }))
      return { child, receivedAt: iso(receivedAt) }
    },
  })
