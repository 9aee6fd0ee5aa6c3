import type { ChildFact } from '../../../contracts/facts.js'
import type { Event } from '../../../contracts/events/envelope.js'
import { decodeEventData, type EventData } from '../../../contracts/events/schemas.js'
import { FACT_EVENTS, type EventType } from '../../../contracts/events/types.js'
import { storeFacts } from '../../../platform/facts/index.js'
import { consumeOnce } from '../../../platform/inbox.js'
import { decodeEvent, type RawMessage } from '../../../platform/kafka/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import type { Database, Tx } from '../store/database.js'
import { storeSchool, storeZone } from '../store/places.js'

const FACTS: readonly string[] = FACT_EVENTS
const SCHOOL = 'cn.ruxue.allocation.school-offered.v1'
const ZONE = 'cn.ruxue.allocation.zone-drawn.v1'

/**
 * A message of another service, its data checked where this service reads it.
 * @throws Undecodable, EventDataError
 */
export function decodeOthers(raw: RawMessage): Event {
  const event = decodeEvent(raw)
  if (!isRead(event.type)) return event
  return { ...event, data: decodeEventData(event.type as EventType, event.data) }
}

const isRead = (type: string): boolean => FACTS.includes(type) || type === SCHOOL || type === ZONE

/** Takes what other services say: facts about children, and which schools and zones there are. */
export const takeEvents = (database: Database) => async (events: Event[]): Promise<void> => {
  const read = events.filter(({ type }) => isRead(type))
  if (read.length === 0) return
  await inTransaction(database, async (tx) => {
    const fresh = await consumeOnce(tx, read.map(({ id, source }) => `${source}#${id}`))
    const news = read.filter(({ id, source }) => fresh.has(`${source}#${id}`))
    await storeFacts(tx, news.filter(({ type }) => FACTS.includes(type)).map(({ data }) => data as ChildFact))
    for (const event of news) await takePlace(tx, event)
  })
}

async function takePlace(tx: Tx, { type, season, data }: Event): Promise<void> {
  if (type === SCHOOL) await storeSchool(tx, season, data as EventData<typeof SCHOOL>)
  if (type === ZONE) await storeZone(tx, season, data as EventData<typeof ZONE>)
}
