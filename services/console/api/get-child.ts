import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { readTimeline } from '../store/traces.js'
import type { Context } from './context.js'
import { maySeeNames, NO_NAMES } from './people.js'
import { aboutChild, knownChild } from './scope.js'
import { PAGE_TIMEOUT_MS } from './times.js'
import { childView, iso, liveView } from './views.js'

export const getChild = (context: Context): Mounted =>
  implement(consoleEndpoints.getChild, {
    about: aboutChild(context),
    timeoutMs: PAGE_TIMEOUT_MS,
    handle: async ({ params: { season, child }, query, caller, log }) => {
      const row = await knownChild(context, season, child)
      const wantsName = query.names && maySeeNames(caller)
      const [events, live, names] = await Promise.all([
        readTimeline(context.database, season, child),
        context.workflows.getEnrollment(season, child).catch((err: unknown) => {
          log.warn({ err, child, season }, 'workflow did not answer')
          return undefined
        }),
        wantsName ? context.people.namesOf(season, [child]) : NO_NAMES,
      ])
      return {
        ...childView(row, names),
        events: events.map(({ event, type, at, data }) => ({ id: event, type, time: iso(at), data })),
        ...(live && { live: liveView(live) }),
      }
    },
  })
