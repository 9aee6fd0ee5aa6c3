import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { readPhases, readSeasons } from '../store/calendar.js'
import { readRounds } from '../store/rounds.js'
import type { Context } from './context.js'
import { knownSeason } from './scope.js'
import { phaseView, roundView, seasonView } from './views.js'

export const mountListSeasons = ({ database }: Context): Mounted =>
  implement(consoleEndpoints.listSeasons, {
    handle: async () => ({ seasons: (await readSeasons(database)).map(seasonView) }),
  })

export const mountListPhases = (context: Context): Mounted =>
  implement(consoleEndpoints.listPhases, {
    handle: async ({ params: { season } }) => {
      const row = await knownSeason(context, season)
      const now = context.clock.now()
      return { season: seasonView(row), phases: (await readPhases(context.database, season)).map((phase) => phaseView(phase, now)) }
    },
  })

export const mountListRounds = (context: Context): Mounted =>
  implement(consoleEndpoints.listRounds, {
    handle: async ({ params: { season } }) => {
      await knownSeason(context, season)
      return { rounds: (await readRounds(context.database, season)).map(roundView) }
    },
  })
