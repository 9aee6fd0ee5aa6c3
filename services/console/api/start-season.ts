import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { carryOut } from './command.js'
import type { Context } from './context.js'
import { COMMAND_TIMEOUT_MS } from './times.js'

export const startSeason = (context: Context): Mounted =>
  implement(consoleEndpoints.startSeason, {
    timeoutMs: COMMAND_TIMEOUT_MS,
    handle: (request) => {
      const { season, timeline } = request.body
      const { id, version, hash } = timeline.policy
      return carryOut(context, request, { what: 'start-season', season, target: `${id} ${version} ${hash}` }, async () => ({
        season,
        ...(await context.workflows.startSeason(season, timeline)),
      }))
    },
  })
