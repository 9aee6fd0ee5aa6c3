import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import type { Context } from './context.js'
import { figuresOf } from './figures.js'
import { knownSeason, ownDistrict } from './scope.js'

export const getFigures = (context: Context): Mounted =>
  implement(consoleEndpoints.getFigures, {
    handle: async ({ params: { season }, caller }) => {
      await knownSeason(context, season)
      return figuresOf(context, season, ownDistrict(caller))
    },
  })
