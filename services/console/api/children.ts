import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { cursorOf, placeOf } from '../domain/cursor.js'
import { readChildren } from '../store/lists.js'
import { readTimeline } from '../store/traces.js'
import type { Context } from './context.js'
import { maySeeNames } from './people.js'
import { aboutChild, knownChild, knownSeason, listedDistrict } from './scope.js'
import { childView, iso, liveView } from './views.js'

const NO_NAMES: ReadonlyMap<string, string> = new Map()

export const mountListChildren = (context: Context): Mounted =>
  implement(consoleEndpoints.listChildren, {
    handle: async ({ params: { season }, query, caller }) => {
      await knownSeason(context, season)
      const { names, cursor, limit, ...filter } = query
      const rows = await readChildren(context.database, season, {
        ...filter,
        district: listedDistrict(caller, query.district),
        limit,
        after: placeOf(cursor, 1)?.[0],
      })
      const shown = names && maySeeNames(caller) ? await context.people.namesOf(season, rows.map((row) => row.child)) : NO_NAMES
      const last = rows.length === limit ? rows.at(-1) : undefined
      return { children: rows.map((row) => childView(row, shown)), ...(last && { next: cursorOf(last.child) }) }
    },
  })

export const mountGetChild = (context: Context): Mounted =>
  implement(consoleEndpoints.getChild, {
    about: aboutChild(context),
    handle: async ({ params: { season, child }, query, caller, log }) => {
      const row = await knownChild(context, season, child)
      const wantsName = query.names && maySeeNames(caller)
      const [events, live, names] = await Promise.all([
        readTimeline(context.database, season, child),
        context.workflows.getEnrollment(season, child).catch((err: unknown) => void log.warn({ err, child, season }, 'workflow not asked')),
        wantsName ? context.people.namesOf(season, [child]) : NO_NAMES,
      ])
      return {
        ...childView(row, names),
        events: events.map(({ event, type, at, data }) => ({ id: event, type, time: iso(at), data })),
        ...(live && { live: liveView(live) }),
      }
    },
  })
