import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { carryOut } from './command.js'
import type { Context } from './context.js'
import { aboutChild, knownChild } from './scope.js'
import { COMMAND_TIMEOUT_MS } from './times.js'
import { iso } from './views.js'

export const arrangeChild = (context: Context): Mounted =>
  implement(consoleEndpoints.arrangeChild, {
    about: aboutChild(context),
    timeoutMs: COMMAND_TIMEOUT_MS,
    handle: async (request) => {
      const { params: { season, child }, body: { decision, reason }, caller, receivedAt } = request
      await knownChild(context, season, child)
      const what = ['place' in decision ? `arrange ${decision.place}` : 'end', ...(decision.way ? [`as ${decision.way}`] : [])].join(' ')
      const answer = await carryOut(context, request, { what, season, target: child, reason }, (id) =>
        context.workflows.arrange(season, child, { officer: caller.subject, reason, decision }, id))
      return { child, receivedAt: iso(receivedAt), status: answer.status, ...(answer.school !== undefined && { school: answer.school }) }
    },
  })
