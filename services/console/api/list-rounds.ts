import { consoleEndpoints } from '../../../contracts/http/console.js'
import type { RoundView } from '../../../contracts/workflows.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import type { Log } from '../../../platform/log.js'
import { readRounds, type RoundRow } from '../store/rounds.js'
import type { Context } from './context.js'
import { knownSeason } from './scope.js'
import { PAGE_TIMEOUT_MS } from './times.js'
import { roundView } from './views.js'

export const listRounds = (context: Context): Mounted =>
  implement(consoleEndpoints.listRounds, {
    timeoutMs: PAGE_TIMEOUT_MS,
    handle: async ({ params: { season }, log }) => {
      await knownSeason(context, season)
      const rows = await readRounds(context.database, season)
      return { rounds: await Promise.all(rows.map(async (row) => roundView(row, isUnderWay(row) ? await askRound(context, season, row.phase, log) : undefined))) }
    },
  })

/** Before its freeze a round says no more than the calendar; after its publication the projection says all. */
const isUnderWay = ({ frozenAt, publishedAt }: RoundRow): boolean => frozenAt !== null && publishedAt === null

async function askRound({ workflows }: Context, season: string, phase: string, log: Log): Promise<RoundView | undefined> {
  try {
    return await workflows.getRound(season, phase)
  } catch (err) {
    log.warn({ err, phase, season }, 'workflow did not answer')
    return undefined
  }
}
