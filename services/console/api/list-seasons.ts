import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { readSeasons } from '../store/calendar.js'
import type { Context } from './context.js'
import { seasonView } from './views.js'

export const listSeasons = ({ database }: Context): Mounted =>
  implement(consoleEndpoints.listSeasons, {
    handle: async () => ({ seasons: (await readSeasons(database)).map(seasonView) }),
  })
