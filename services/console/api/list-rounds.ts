import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { readRounds } from '../store/rounds.js'
import type { Context } from './context.js'
import { knownSeason } from './scope.js'
import { roundView } from './views.js'

export const listRounds = (context: Context): Mounted =>
  implement(consoleEndpoints.listRounds, {
    handle: async ({ params: { season } }) => {
      await knownSeason(context, season)
      return { rounds: (await readRounds(context.database, season)).map(roundView) }
    },
  })
