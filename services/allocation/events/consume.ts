import type { Event } from '../../../contracts/events/envelope.js'
import { decodeEventData } from '../../../contracts/events/schemas.js'
import { FACT_EVENTS, type EventType } from '../../../contracts/events/types.js'
import type { ChildFact } from '../../../contracts/facts.js'
import { storeFacts } from '../../../platform/facts/index.js'
import { consumeOnce } from '../../../platform/inbox.js'
import { decodeEvent, type RawMessage } from '../../../platform/kafka/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import type { Database } from '../store/database.js'

const FACTS: readonly string[] = FACT_EVENTS

/**
 * A message of another service, its data checked where this service reads it.
 * @throws Undecodable, EventDataError
 */
export function decodeOthers(raw: RawMessage): Event {
  const event = decodeEvent(raw)
  return FACTS.includes(event.type) ? { ...event, data: decodeEventData(event.type as EventType, event.data) } : event
}

/** Takes what registration and verification say about children into the copy; a withdrawal too is such a fact. */
export const takeFacts = (database: Database) => async (events: Event[]): Promise<void> => {
  const facts = events.filter(({ type }) => FACTS.includes(type))
  if (facts.length === 0) return
  await inTransaction(database, async (tx) => {
    const fresh = await consumeOnce(tx, facts.map(idOf))
    await storeFacts(tx, facts.filter((event) => fresh.has(idOf(event))).map(({ data }) => data as ChildFact))
  })
}

/** CloudEvents ids are unique within their source. */
const idOf = ({ id, source }: Event): string => `${source}#${id}`
