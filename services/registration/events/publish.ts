import type { ChildFact } from '../../../contracts/facts.js'
import { eventSource, type Event } from '../../../contracts/events/envelope.js'
import { eventType, type EventName } from '../../../contracts/events/types.js'
import { storeFacts } from '../../../platform/facts/index.js'
import { enqueue } from '../../../platform/outbox/index.js'
import { sqlInstant, type Sql } from '../../../platform/postgres/index.js'

export interface Stated {
  event: Exclude<EventName<'registration'>, 'phase-closed'>
  fact: ChildFact
}

/**
 * States facts: into the service's own knowledge and, as events, into the outbox, in the caller's transaction.
 * @param at epoch ms
 */
export async function state(sql: Sql, stated: readonly Stated[], at: number): Promise<void> {
  await storeFacts(sql, stated.map(({ fact }) => fact))
  await enqueue(sql, 'registration', stated.map((each) => eventOf(each, at)))
}

const eventOf = ({ event, fact }: Stated, at: number): Event<ChildFact> => ({
  id: [fact.season, fact.child, fact.aggregate, fact.id, fact.revision].join('/'),
  type: eventType('registration', event),
  source: eventSource('registration'),
  subject: fact.child,
  time: sqlInstant(at),
  season: fact.season,
  data: fact,
})
