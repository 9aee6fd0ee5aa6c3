import { describe, expect, it, vi } from 'vitest'
import { eventSource, type Event } from '../../../contracts/events/envelope.js'
import { childId, rosterFact, SEASON } from '../support.js'
import { notificationHarness } from './harness.js'

const harness = notificationHarness('all')
const WAIT = { timeout: 30_000, interval: 100 }
const child = childId(1)
const event = (topic: 'registration' | 'allocation' | 'enrollment' | 'season', name: string, subject: string, data: unknown): Event => ({
  id: `${name}/${subject}`, type: `cn.ruxue.${topic}.${name}.v1`, source: eventSource(topic), subject, time: new Date().toISOString(), season: SEASON, data,
})

describe('what notification hears', () => {
  it('names of schools, whose child it is, and extended deadlines', async () => {
    const closesAt = '2031-06-22T15:00:00.000+08:00'
    await harness.deps.producer.send([
      { topic: 'registration', event: event('registration', 'child-listed', child, rosterFact(child)) },
      { topic: 'allocation', event: event('allocation', 'school-offered', 's1', { season: SEASON, id: 's1', name: '第一小学', district: 'nanguan', facts: { type: 'public' }, plan: 10 }) },
      { topic: 'season', event: event('season', 'phase-extended', SEASON, { season: SEASON, phase: 'public-check-in', closesAt, officer: 'o', reason: '雪' }) },
    ])
    harness.people.set(child, { name: '安宁', idNumber: '990000201001010011', guardianName: '安明', email: `${child}@ruxue.invalid` })
    await harness.issue(child, 'place-notice', 'place-notice', { school: 's1' })
    const read = async () => harness.api.readPaper({ params: { season: SEASON, child, phase: 'place-notice', kind: 'place-notice' }, token: await harness.guardian(child) })
    await vi.waitFor(async () => {
      const { text } = await read()
      expect(text).toContain('第一小学')
      expect(text).toContain('至2031年6月22日15:00')
    }, WAIT)
    await vi.waitFor(async () => expect(await harness.sql('SELECT * FROM platform.outbox')).toEqual([]), WAIT)
  })

  it('results and ends, of each of which it tells the family once', async () => {
    const [lost, ended] = [childId(2), childId(3)]
    for (const who of [lost, ended]) await harness.meet(who)
    const place = (revision: number, outcomes: Record<string, string>) => ({
      ...event('allocation', 'place-decided', lost, {
        season: SEASON, child: lost, aggregate: 'place', id: 'place', revision, outcomes: { 'private-admission': 'not-admitted', ...outcomes }, seats: { held: [] },
      }),
      id: `place/${lost}/${revision}`,
    })
    const end = (name: string, sequence: number, more: object) =>
      ({ topic: 'enrollment' as const, event: event('enrollment', name, ended, { season: SEASON, child: ended, status: 'ended', sequence, ...more }) })
    const left = { phase: 'arrangement', reason: '已在外地就读' }
    await harness.deps.producer.send([
      { topic: 'allocation', event: place(1, {}) }, { topic: 'allocation', event: place(2, { 'vacancy-admission': 'not-admitted' }) },
      end('status-changed', 4, { ended: left }), end('ended', 5, { end: { kind: 'ended', ...left } }),
    ])
    const messages = (who: string) => harness.sql('SELECT number, state FROM message WHERE child = $1 AND channel = $2 ORDER BY number', [who, 'email'])
    await vi.waitFor(async () => {
      expect(await messages(lost)).toEqual([{ number: 'RS-000001', state: 'sent' }, { number: 'RS-000002', state: 'sent' }])
      expect(await messages(ended)).toEqual([{ number: 'EN-000001', state: 'sent' }])
    }, WAIT)
    const { text } = await harness.api.readPaper({ params: { season: SEASON, child: ended, phase: 'arrangement', kind: 'end' }, token: await harness.guardian(ended) })
    expect(text).toContain('原因：已在外地就读。')
  })
})
