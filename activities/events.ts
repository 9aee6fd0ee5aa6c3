import { createHash } from 'node:crypto'
import { eventSource, type Event } from '../contracts/events/envelope.js'
import type { EventData } from '../contracts/events/schemas.js'
import { eventType, type EventName } from '../contracts/events/types.js'
import { publishAtOf } from '../policies/timeline.js'
import type { EnrollmentActivities, SeasonActivities } from './ports.js'
import type { Publisher } from './publisher.js'

type EventActivities = Pick<EnrollmentActivities, 'publishEnrollment'> &
  Pick<SeasonActivities, 'publishOpened' | 'publishExtended' | 'publishPhaseClosed' | 'publishClosed'>

/** What workflows tell the world. Ids are made from what happened, so that telling it again is the same event. */
export function eventActivities(publisher: Publisher): EventActivities {
  const tell = <N extends EventName<'season'>>(name: N, season: string, subject: string, id: string, at: number, data: EventData<`cn.ruxue.season.${N}.v1`>) =>
    publisher.publish('season', envelope(eventType('season', name), 'season', season, subject, `${season}/${id}`, at, data))
  return {
    publishEnrollment: ({ name, event, at }) =>
      publisher.publish('enrollment', envelope(
        eventType('enrollment', name), 'enrollment', event.season, event.child, `${event.season}/${event.child}/${event.sequence}`, at, event,
      )),
    publishOpened: ({ season, timeline, at }) => tell('opened', season, season, 'opened', at, {
      season,
      policy: timeline.policy,
      opensAt: iso(timeline.opensAt),
      closesAt: iso(timeline.closesAt),
      phases: timeline.phases.map((phase) => ({
        phase: phase.id,
        kind: phase.kind,
        owner: phase.owner,
        opensAt: iso(phase.opensAt),
        closesAt: iso(phase.closesAt),
        ...(phase.kind === 'round' ? { publishAt: iso(publishAtOf(phase)) } : {}),
      })),
    }),
    publishExtended: ({ season, phase, closesAt, officer, reason, at }) =>
      tell('phase-extended', season, phase, `${phase}/extended/${closesAt}`, at, { season, phase, closesAt: iso(closesAt), officer, reason }),
    publishPhaseClosed: ({ season, phase, closesAt, closedAt, count, digest }) =>
      tell('phase-closed', season, phase, `${phase}/closed`, closedAt, { season, phase, closesAt: iso(closesAt), closedAt: iso(closedAt), count, digest }),
    publishClosed: ({ season, at, report }) => tell('closed', season, season, 'closed', at, { season, closedAt: iso(at), ...report }),
  }
}

function envelope(type: Event['type'], topic: 'enrollment' | 'season', season: string, subject: string, name: string, at: number, data: unknown): Event {
  return { id: uuidOf(name), type, source: eventSource(topic), subject, time: iso(at), season, data }
}

const iso = (at: number): string => new Date(at).toISOString()

/** A UUID (version 8) made of a name: the same name is the same event. */
export function uuidOf(name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x80
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
