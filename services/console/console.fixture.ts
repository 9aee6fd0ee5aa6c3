import { randomBytes } from 'node:crypto'
import type { EnrollmentEvent } from '../../contracts/enrollment.js'
import { eventSource, type Event, type Topic } from '../../contracts/events/envelope.js'
import type { EventData } from '../../contracts/events/schemas.js'
import type { EventType } from '../../contracts/events/types.js'
import type { ChildFact } from '../../contracts/facts.js'

export const SEASON = 'sample-2022'
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'

/** The nth child. */
export const childNo = (n: number): string => `c${LETTERS[n % 32]}${LETTERS[Math.floor(n / 32) % 32]}${'a'.repeat(23)}`

/** An event of this type, with an id of its own unless one is given. */
export function event<E extends EventType>(type: E, data: EventData<E>, more: { at?: number; id?: string } = {}): Event<EventData<E>> {
  const topic = type.split('.')[2] as Topic
  const { child, phase } = data as { child?: string; phase?: string }
  return {
    id: more.id ?? randomBytes(8).toString('hex'),
    type,
    source: eventSource(topic),
    subject: child ?? phase ?? SEASON,
    time: new Date(more.at ?? 1_000).toISOString(),
    season: SEASON,
    data,
  }
}

export const listed = (child: string, district: string, revision = 1) =>
  event('cn.ruxue.registration.child-listed.v1', fact({ child, aggregate: 'roster', id: 'roster', revision, district }), { at: 500 })

export const fact = (fields: Pick<ChildFact, 'child' | 'aggregate' | 'id' | 'revision'> & Partial<ChildFact>): ChildFact => ({ season: SEASON, ...fields })

export const status = (child: string, sequence: number, fields: Partial<EnrollmentEvent> & Pick<EnrollmentEvent, 'status'>, at = sequence * 1_000) =>
  event(fields.end ? 'cn.ruxue.enrollment.ended.v1' : 'cn.ruxue.enrollment.status-changed.v1', { season: SEASON, child, sequence, ...fields }, { at })

/** The opening of a season with a registration of ten units of time, a round after twenty and a desk after fifty. */
export const opened = (base: number, unitMs: number) => {
  const at = (units: number) => new Date(base + units * unitMs).toISOString()
  return event('cn.ruxue.season.opened.v1', {
    season: SEASON,
    policy: { id: SEASON, version: 1, hash: 'h' },
    opensAt: at(0),
    closesAt: at(100),
    phases: [
      { phase: 'register', kind: 'registration', owner: 'registration', opensAt: at(0), closesAt: at(10) },
      { phase: 'zoning', kind: 'round', owner: 'allocation', opensAt: at(20), closesAt: at(20), publishAt: at(30) },
      { phase: 'desk', kind: 'arrangement', owner: 'allocation', opensAt: at(50), closesAt: at(90) },
    ],
  })
}
