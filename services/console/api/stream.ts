import { setTimeout as delay } from 'node:timers/promises'
import { consoleEndpoints } from '../../../contracts/http/console.js'
import { eventStream, implement, type EventSink, type Mounted } from '../../../platform/http/index.js'
import { problem } from '../../../platform/problem.js'
import { lastPosition, readChanges } from '../store/changes.js'
import type { Context } from './context.js'
import { figuresOf } from './figures.js'
import { knownSeason } from './scope.js'

const EVERY_MS = 500

/** Figures whenever they changed, at most twice a second, and every change of the calendar since `position`. */
async function follow(context: Context, season: string, from: number, sink: EventSink): Promise<void> {
  let position = from
  let sent = ''
  while (!sink.signal.aborted) {
    for (const change of await readChanges(context.database, season, position)) {
      position = change.position
      sink.send(change.body.kind, change.body, String(position))
    }
    const figures = await figuresOf(context, season)
    const text = JSON.stringify(figures)
    if (text !== sent) sink.send('figures', { kind: 'figures', figures }, String(position))
    sent = text
    await delay(EVERY_MS, undefined, { signal: sink.signal }).catch(() => undefined)
  }
}

/** Where a caller left off; a new one begins now. */
async function startOf({ database }: Context, season: string, lastEventId: string | undefined): Promise<number> {
  if (lastEventId === undefined) return lastPosition(database, season)
  const position = Number(lastEventId)
  if (Number.isSafeInteger(position) && position >= 0) return position
  throw problem('invalid-input', 'Last-Event-ID is not one of this stream', { faults: [{ at: '/headers/last-event-id', message: 'not an id of this stream' }] })
}

export const stream = (context: Context): Mounted =>
  implement(consoleEndpoints.stream, {
    handle: async (request) => {
      const { season } = request.params
      await knownSeason(context, season)
      const from = await startOf(context, season, request.raw.get('last-event-id'))
      return eventStream(request, (sink) => follow(context, season, from, sink))
    },
  })
