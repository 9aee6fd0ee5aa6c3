import { seasonEndpoints } from '../../contracts/http/seasons.js'
import { latestClosing } from '../../policies/dependents.js'
import { factsOf } from '../facts/read.js'
import { implement, type Mounted } from '../http/request.js'
import { inTransaction } from '../postgres/transaction.js'
import type { Sql } from '../postgres/sql.js'
import { closeSeason, installSeason, readSeason } from '../windows/season.js'
import { extendWindow } from '../windows/extend.js'
import { closePhase } from './close.js'
import { outcomeOf } from './outcome.js'
import type { SeasonHooks } from './hooks.js'
import { closeView, seasonView, windowView } from './views.js'

/** The season endpoints of `contracts/http/seasons.ts`, implemented for one service. */
export function mountSeasons<Tx extends Sql>(hooks: SeasonHooks<Tx>): Mounted[] {
  return [...readers(hooks), ...writers(hooks)]
}

function readers<Tx extends Sql>({ database, drainMs }: SeasonHooks<Tx>): Mounted[] {
  return [
    implement(seasonEndpoints.getSeason, { handle: ({ params }) => seasonView(database, params.season) }),
    implement(seasonEndpoints.getTimeline, {
      handle: async ({ params }) => ({ timeline: (await readSeason(database, params.season)).timeline }),
    }),
    implement(seasonEndpoints.listPhases, {
      handle: async ({ params }) => ({ windows: (await seasonView(database, params.season)).windows }),
    }),
    implement(seasonEndpoints.getOutcome, {
      handle: ({ params: { season, phase, child } }) =>
        outcomeOf(database, season, phase, drainMs, () => factsOf(database, season, child)),
    }),
  ]
}

function writers<Tx extends Sql>(hooks: SeasonHooks<Tx>): Mounted[] {
  const { database } = hooks
  return [
    implement(seasonEndpoints.installSeason, {
      handle: ({ params: { season }, body: { timeline }, signal }) =>
        inTransaction(database, async (tx) => {
          const owned = timeline.phases.filter((phase) => phase.owner === hooks.owner).map((phase) => phase.id)
          if (await installSeason(tx, season, timeline, owned)) await hooks.onInstall?.(tx, season, timeline)
          return seasonView(tx, season)
        }, { signal }),
    }),
    implement(seasonEndpoints.extendPhase, {
      handle: ({ params: { season, phase }, body, signal }) =>
        inTransaction(database, async (tx) => {
          const { timeline } = await readSeason(tx, season)
          return windowView(await extendWindow(tx, season, phase, Date.parse(body.closesAt), latestOf(timeline, phase)))
        }, { signal }),
    }),
    implement(seasonEndpoints.closePhase, {
      timeoutMs: hooks.closeTimeoutMs ?? 60_000,
      handle: async ({ params: { season, phase }, signal, remainingMs }) =>
        closeView(phase, await closePhase(hooks, season, phase, { signal, timeoutMs: remainingMs() })),
    }),
    implement(seasonEndpoints.closeSeason, {
      handle: async ({ params: { season } }) => {
        await closeSeason(database, season)
        return seasonView(database, season)
      },
    }),
  ]
}

/** An unknown phase is refused by the window's own reading; the limit then never counts. */
const latestOf = (timeline: Parameters<typeof latestClosing>[0], phase: string): number =>
  timeline.phases.some(({ id }) => id === phase) ? latestClosing(timeline, phase) : timeline.closesAt
