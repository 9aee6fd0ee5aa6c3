import { describe, expect, expectTypeOf, it } from 'vitest'
import type { EnrollmentEvent } from '../enrollment.js'
import type { ChildFact } from '../facts.js'
import { EVENTS, FACT_EVENTS, eventType, type EventTopic } from './types.js'
import { childFact } from '../http/common.js'
import { EVENT_SCHEMAS, EventDataError, decodeEventData, type EventData } from './schemas.js'

const child = `c${'a'.repeat(25)}`
const fact = { season: 'sample-2022', child, aggregate: 'roster', id: 'roster', revision: 1 }

describe('event schemas', () => {
  it('every declared event has a schema', () => {
    const declared = (Object.keys(EVENTS) as EventTopic[]).flatMap((topic) => EVENTS[topic].map((name) => eventType(topic, name as never)))
    expect(Object.keys(EVENT_SCHEMAS).sort()).toEqual([...declared].sort())
    for (const type of declared) expect(EVENT_SCHEMAS[type], type).toBeDefined()
  })

  it('exactly the fact events carry a child fact', () => {
    const factEvents = Object.entries(EVENT_SCHEMAS).filter(([, schema]) => schema === childFact).map(([type]) => type)
    expect(factEvents.sort()).toEqual([...FACT_EVENTS].sort())
  })

  it('the types of the schemas are the plain types', () => {
    expectTypeOf<EventData<'cn.ruxue.enrollment.ended.v1'>>().toExtend<EnrollmentEvent>()
    expectTypeOf<EnrollmentEvent>().toExtend<EventData<'cn.ruxue.enrollment.ended.v1'>>()
    expectTypeOf<EventData<'cn.ruxue.registration.child-listed.v1'>>().toExtend<ChildFact>()
    expectTypeOf<ChildFact>().toExtend<EventData<'cn.ruxue.registration.child-listed.v1'>>()
  })

  it('good data come back as they are', () => {
    expect(decodeEventData('cn.ruxue.registration.child-listed.v1', fact)).toEqual(fact)
  })

  it('a fault is told with its place and not with its value', () => {
    const decode = () => decodeEventData('cn.ruxue.registration.child-listed.v1', { ...fact, revision: 0, secret: 'x' })
    expect(decode).toThrow(EventDataError)
    expect(decode).toThrow(/\/revision/)
  })

  it('a type nobody declared is refused', () => {
    expect(() => decodeEventData('cn.ruxue.registration.child-lost.v1', fact)).toThrow('is not a declared event type')
  })
})
