import type { ChildFact } from '../../../contracts/facts.js'
import { eventSource, type Event } from '../../../contracts/events/envelope.js'
import { eventType } from '../../../contracts/events/types.js'
import { storeFacts } from '../../../platform/facts/index.js'
import { enqueue } from '../../../platform/outbox/index.js'
import type { Tx } from '../store/database.js'

export type CaseEvent = 'authority-answered' | 'case-stepped' | 'case-reviewed'

const caseEvent = (name: CaseEvent, fact: ChildFact, at: number): Event<ChildFact> => ({
  id: `${fact.season}/${fact.child}/case/${fact.id}/${fact.revision}`,
  type: eventType('verification', name),
  source: eventSource('verification'),
  subject: fact.child,
  time: new Date(at).toISOString(),
  season: fact.season,
  data: fact,
})

/**
 * States what a case now says about a child, here and to all others, in the transaction that made it so. The case
 * is locked.
 * @param at epoch ms
 */
export async function stateCase(tx: Tx, name: CaseEvent, fact: ChildFact, at: number): Promise<void> {
  await storeFacts(tx, [fact])
  await enqueue(tx, 'verification', [caseEvent(name, fact, at)])
}
