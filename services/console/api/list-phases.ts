import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { readPhases } from '../store/calendar.js'
import type { Context } from './context.js'
import { knownSeason } from './scope.js'
import { phaseView, seasonView } from './views.js'

export const listPhases = (context: Context): Mounted =>
  implement(consoleEndpoints.listPhases, {
    handle: async ({ params: { season } }) => {
      const row = await knownSeason(context, season)
      const now = context.clock.now()
      return { season: seasonView(row), phases: (await readPhases(context.database, season)).map((phase) => phaseView(phase, now)) }
    },
  })
