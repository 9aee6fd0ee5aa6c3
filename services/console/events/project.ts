import type { EnrollmentEvent } from '../../../contracts/enrollment.js'
import type { Event } from '../../../contracts/events/envelope.js'
import { FACT_EVENTS, type EventType } from '../../../contracts/events/types.js'
import type { ChildFact } from '../../../contracts/facts.js'
import { consumeOnce } from '../../../platform/inbox.js'
import type { Sql } from '../../../platform/postgres/index.js'
import { projectFacts, projectStatuses } from '../store/children.js'
import { projectDesk } from '../store/desk.js'
import { countEvents, projectMessages, recordTimeline, type Message } from '../store/traces.js'
import { projectMilestone } from './milestones.js'

const FACT_TYPES: ReadonlySet<string> = new Set(FACT_EVENTS)
const MESSAGE_TYPES: ReadonlySet<string> = new Set<EventType>(['cn.ruxue.notification.message-sent.v1', 'cn.ruxue.notification.message-failed.v1'])
const isEnrollment = (type: string): boolean => type.startsWith('cn.ruxue.enrollment.')

/**
 * Takes events into the projection, in the transaction given. Each once, whatever is delivered again; facts by
 * revision and statuses by sequence, so that the order of topics does not matter.
 * @param events checked against the schemas of their types
 */
export async function project(sql: Sql, events: readonly Event[]): Promise<void> {
  const fresh = await consumeOnce(sql, events.map(idOf))
  const news = firstOfEach(events.filter((event) => fresh.has(idOf(event))))
  if (news.length === 0) return
  await projectFacts(sql, news.filter(({ type }) => FACT_TYPES.has(type)).map(({ data, time }) => ({ fact: data as ChildFact, at: Date.parse(time) })))
  const statuses = news.filter(({ type }) => isEnrollment(type)).map(({ data, time }) => ({ event: data as EnrollmentEvent, at: Date.parse(time) }))
  await projectDesk(sql, statuses)
  await projectStatuses(sql, statuses)
  await projectMessages(sql, news.filter(({ type }) => MESSAGE_TYPES.has(type)).map(({ data }) => data as Message))
  for (const event of news) await projectMilestone(sql, event)
  await recordTimeline(sql, news)
  await countEvents(sql, news)
}

function firstOfEach(events: readonly Event[]): Event[] {
  const seen = new Set<string>()
  return events.filter((event) => !seen.has(idOf(event)) && seen.add(idOf(event)))
}

/** CloudEvents ids are unique within their source. */
const idOf = ({ id, source }: Event): string => `${source}#${id}`
