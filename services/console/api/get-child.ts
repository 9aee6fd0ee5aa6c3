import { consoleEndpoints } from '../../../contracts/http/console.js'
import type { EnrollmentView } from '../../../contracts/enrollment.js'
import type { Log } from '../../../platform/log.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { readPhases } from '../store/calendar.js'
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
        // A workflow that has ended would be replayed from its history to say what the projection says.
        row.end === null ? askWorkflow(context, season, child, log) : undefined,
        wantsName ? context.people.namesOf(season, [child]) : NO_NAMES,
      ])
      return {
        ...childView(row, names),
        events: events.map(({ event, type, at, data }) => ({ id: event, type, time: iso(at), data })),
        ...(live && { live: liveView(live) }),
      }
    },
  })

async function askWorkflow(context: Context, season: string, child: string, log: Log): Promise<EnrollmentView | undefined> {
  try {
    return await withOwnersDeadline(context, season, await context.workflows.getEnrollment(season, child))
  } catch (err) {
    log.warn({ err, child, season }, 'workflow did not answer')
    return undefined
  }
}

/** A workflow hears of an extension when it asks at the old end; until then the screen knows better. */
async function withOwnersDeadline({ database }: Context, season: string, view: EnrollmentView): Promise<EnrollmentView> {
  const { next } = view
  if (next?.boundary !== 'closes') return view
  const owners = (await readPhases(database, season)).find(({ phase }) => phase === next.phase)
  return owners ? { ...view, next: { ...next, at: Math.max(next.at, owners.closesAt) } } : view
}
