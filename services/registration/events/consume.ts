import type { Event } from '../../../contracts/events/envelope.js'
import { decodeEventData, type EventData } from '../../../contracts/events/schemas.js'
import { FACT_EVENTS, eventType, type EventType } from '../../../contracts/events/types.js'
import type { ChildFact } from '../../../contracts/facts.js'
import { storeFacts } from '../../../platform/facts/index.js'
import { consumeOnce } from '../../../platform/inbox.js'
import { decodeEvent, type RawMessage } from '../../../platform/kafka/index.js'
import { inTransaction, type Sql } from '../../../platform/postgres/index.js'
import type { Database } from '../store/database.js'
import { writeCatalogueSize, writeDistrict, writeSchool, writeZone } from '../store/zones.js'

const FACTS: readonly string[] = FACT_EVENTS
const CATALOGUE = eventType('allocation', 'catalogue-set')
const SCHOOL = eventType('allocation', 'school-offered')
const ZONE = eventType('allocation', 'zone-drawn')

const isRead = (type: string): boolean => FACTS.includes(type) || [CATALOGUE, SCHOOL, ZONE].includes(type as EventType)

/**
 * An event of another service, its data checked if it is read here.
 * @throws Undecodable, EventDataError
 */
export function decodeOthers(raw: RawMessage): Event {
  const event = decodeEvent(raw)
  return isRead(event.type) ? { ...event, data: decodeEventData(event.type as EventType, event.data) } : event
}

/** Takes what bars or sends a child elsewhere, and the districts and zones; each event once. */
export const takeEvents = ({ prisma }: Database) => async (events: Event[]): Promise<void> => {
  const read = events.filter(({ type }) => isRead(type))
  if (read.length === 0) return
  await inTransaction(prisma, async (tx) => {
    const fresh = await consumeOnce(tx, read.map(keyOf))
    // An event may stand twice in a batch; the first one is it.
    const news = read.filter((event) => fresh.delete(keyOf(event)))
    await storeFacts(tx, news.filter(({ type }) => FACTS.includes(type)).map(({ data }) => data as ChildFact))
    for (const event of news) await takePlace(tx, event)
  })
}

/** Ids are unique within their source. */
const keyOf = ({ source, id }: Event): string => `${source}#${id}`

async function takePlace(tx: Sql, { type, season, data }: Event): Promise<void> {
  if (type === CATALOGUE) await writeCatalogueSize(tx, season, data as EventData<'cn.ruxue.allocation.catalogue-set.v1'>)
  if (type === SCHOOL) {
    const school = data as EventData<'cn.ruxue.allocation.school-offered.v1'>
    await writeDistrict(tx, season, school.district)
    await writeSchool(tx, season, school.id)
  }
  if (type !== ZONE) return
  const zone = data as EventData<'cn.ruxue.allocation.zone-drawn.v1'>
  await writeDistrict(tx, season, zone.district)
  await writeZone(tx, season, zone)
}
