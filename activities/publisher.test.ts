import { describe, expect, it } from 'vitest'
import type { Event } from '../contracts/events/envelope.js'
import { eventActivities, uuidOf } from './events.js'
import { createPublisher } from './publisher.js'
import { decodeEventData } from '../contracts/events/schemas.js'
import { loadPolicy } from '../policies/load.js'

const event = (id: string): Event => ({ id, type: 'cn.ruxue.enrollment.started.v1', source: '/ruxue/enrollment', subject: 'c', time: '2022-05-12T01:00:00.000Z', season: 's', data: {} })

/** A producer whose requests are answered by hand. */
function slowProducer() {
  const requests: { ids: string[]; answer: (error?: Error) => void }[] = []
  const send = (messages: readonly { event: Event }[]) =>
    new Promise<void>((resolve, reject) => requests.push({ ids: messages.map((message) => message.event.id), answer: (error) => (error ? reject(error) : resolve()) }))
  return { requests, send }
}

describe('the publisher', () => {
  it('sends what came while a request was under way as one request, in order', async () => {
    const producer = slowProducer()
    const publisher = createPublisher(producer)
    const all = ['1', '2', '3'].map((id) => publisher.publish('enrollment', event(id)))
    expect(producer.requests.map(({ ids }) => ids)).toEqual([['1']])
    producer.requests[0]!.answer()
    await all[0]
    await Promise.resolve()
    expect(producer.requests.map(({ ids }) => ids)).toEqual([['1'], ['2', '3']])
    producer.requests[1]!.answer()
    await Promise.all(all)
  })

  it('tells those of a failed request, and goes on with the next', async () => {
    const producer = slowProducer()
    const publisher = createPublisher(producer)
    const lost = publisher.publish('enrollment', event('1'))
    const kept = publisher.publish('enrollment', event('2'))
    producer.requests[0]!.answer(new Error('the broker is away'))
    await expect(lost).rejects.toThrow('the broker is away')
    producer.requests[1]!.answer()
    await kept
  })
})

describe('events of workflows', () => {
  const sent: Event[] = []
  const activities = eventActivities({ publish: async (_topic, told) => { sent.push(told) } })

  it('have the same id when they are told again', async () => {
    const message = { name: 'started' as const, at: 1_652_317_200_000, event: { season: 'changchun-2022', child: `c${'a'.repeat(25)}`, status: 'listed' as const, sequence: 1 } }
    await activities.publishEnrollment(message)
    await activities.publishEnrollment({ ...message, at: message.at + 1 })
    const [first, second] = sent.splice(0)
    expect(first!.id).toBe(second!.id)
    expect(first!.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(uuidOf('one')).not.toBe(uuidOf('another'))
  })

  it('fit the schemas of their types', async () => {
    const { timeline } = await loadPolicy('changchun-2022')
    const season = timeline.policy.id
    await activities.publishOpened({ season, timeline, at: timeline.opensAt })
    await activities.publishExtended({ season, phase: 'register', closesAt: timeline.opensAt, officer: 'officer-1', reason: 'the portal was down', at: timeline.opensAt })
    await activities.publishPhaseClosed({ season, phase: 'register', closesAt: 1, closedAt: 2, count: 3, digest: 'ab' })
    await activities.publishClosed({ season, at: timeline.closesAt, report: { children: 2, ends: { enrolled: 2 } } })
    for (const { type, data } of sent) expect(decodeEventData(type, data)).toBeTruthy()
    expect(sent.map(({ type }) => type)).toEqual(['opened', 'phase-extended', 'phase-closed', 'closed'].map((name) => `cn.ruxue.season.${name}.v1`))
  })
})
