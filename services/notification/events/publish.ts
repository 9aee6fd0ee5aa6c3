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

/** Papers were issued. */
export async function tellPapers(tx: Tx, papers: readonly Paper[]): Promise<void> {
  await enqueue(tx, 'notification', papers.map((paper) => {
    const { number, kind, phase, school, issuedAt } = paper
    return told('paper-issued', paper, number, issuedAt, { number, kind, phase, ...(school !== undefined && { school }), issuedAt: iso(issuedAt) })
  }))
}

/** A paper was handed in for another one. */
export async function tellExchange(tx: Tx, { number }: Paper, given: Paper): Promise<void> {
  await enqueue(tx, 'notification', [
    told('paper-exchanged', given, number, given.issuedAt, { number, for: given.number, exchangedAt: iso(given.issuedAt) }),
  ])
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
