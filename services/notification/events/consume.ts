import type { ChildFact } from '../../../contracts/facts.js'
import type { Event } from '../../../contracts/events/envelope.js'
import { decodeEventData, type EventData } from '../../../contracts/events/schemas.js'
import { storeFacts } from '../../../platform/facts/index.js'
import { consumeOnce } from '../../../platform/inbox.js'
import { decodeEvent, type RawMessage } from '../../../platform/kafka/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { storeDeadline, storeSchoolName } from '../store/copies.js'
import type { Database, Tx } from '../store/database.js'

const LISTED = 'cn.ruxue.registration.child-listed.v1'
const WITHDRAWN = 'cn.ruxue.registration.child-withdrawn.v1'
const SCHOOL = 'cn.ruxue.allocation.school-offered.v1'
const EXTENDED = 'cn.ruxue.season.phase-extended.v1'
const READ = [LISTED, WITHDRAWN, SCHOOL, EXTENDED] as const

const isRead = (type: string): type is (typeof READ)[number] => (READ as readonly string[]).includes(type)

/**
 * A message of another service, its data checked where this service reads it.
 * @throws Undecodable, EventDataError
 */
export function decodeOthers(raw: RawMessage): Event {
  const event = decodeEvent(raw)
  return isRead(event.type) ? { ...event, data: decodeEventData(event.type, event.data) } : event
}

/** Takes what this service needs of the others: whose child it is, who left, names of schools, extended deadlines. */
export const takeEvents = (database: Database) => async (events: Event[]): Promise<void> => {
  const read = events.filter(({ type }) => isRead(type))
  if (read.length === 0) return
  await inTransaction(database, async (tx) => {
    const fresh = await consumeOnce(tx, read.map(({ id, source }) => `${source}#${id}`))
    const news = read.filter(({ id, source }) => fresh.has(`${source}#${id}`))
    await storeFacts(tx, news.filter(({ type }) => type === LISTED || type === WITHDRAWN).map(({ data }) => data as ChildFact))
    for (const event of news) await takeCopy(tx, event)
  })
}

async function takeCopy(tx: Tx, { type, season, data }: Event): Promise<void> {
  if (type === SCHOOL) await storeSchoolName(tx, season, data as EventData<typeof SCHOOL>)
  if (type === EXTENDED) {
    const { phase, closesAt } = data as EventData<typeof EXTENDED>
    await storeDeadline(tx, season, phase, closesAt)
  }
}
