import { eventSource, type Event } from '../../../contracts/events/envelope.js'
import { eventType, type EventName } from '../../../contracts/events/types.js'
import { enqueue } from '../../../platform/outbox/index.js'
import type { Paper } from '../domain/paper.js'
import type { Tx } from '../store/database.js'
import type { DueMessage } from '../store/messages.js'

const iso = (at: number): string => new Date(at).toISOString()

function told(name: EventName<'notification'>, of: { season: string; child: string }, id: string, at: number, data: Record<string, unknown>): Event {
  const { season, child } = of
  return {
    id: `${season}/${id}/${name}`, type: eventType('notification', name), source: eventSource('notification'),
    subject: child, time: iso(at), season, data: { season, child, ...data },
  }
}

/** A paper was issued and, if one was handed in for it, that one exchanged. */
export async function tellPaper(tx: Tx, paper: Paper, exchanged: Paper | undefined): Promise<void> {
  const { number, kind, phase, school, issuedAt } = paper
  const events = [told('paper-issued', paper, number, issuedAt, { number, kind, phase, ...(school !== undefined && { school }), issuedAt: iso(issuedAt) })]
  if (exchanged) {
    events.push(told('paper-exchanged', paper, exchanged.number, issuedAt, { number: exchanged.number, for: number, exchangedAt: iso(issuedAt) }))
  }
  await enqueue(tx, 'notification', events)
}

/** What became of a message. */
export async function tellMessage(tx: Tx, message: DueMessage, at: number, failure?: string): Promise<void> {
  const { id, channel, number, attempts } = message
  const about = { id, channel, paper: number, attempts }
  const event = failure === undefined
    ? told('message-sent', message, id, at, { ...about, sentAt: iso(at) })
    : told('message-failed', message, id, at, { ...about, failedAt: iso(at), cause: failure })
  await enqueue(tx, 'notification', [event])
}
