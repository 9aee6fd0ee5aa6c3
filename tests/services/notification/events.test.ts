import { describe, expect, it, vi } from 'vitest'
import { eventSource, type Event } from '../../../contracts/events/envelope.js'
import { childId, policyWith, rosterFact, SEASON } from '../support.js'
import { notificationHarness } from './harness.js'

const harness = notificationHarness('all')
const WAIT = { timeout: 30_000, interval: 100 }
const child = childId(1)
const event = (topic: 'registration' | 'verification' | 'allocation' | 'enrollment' | 'season', name: string, subject: string, data: unknown): Event => ({
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

  it('refusals, of which it tells the family once and no earlier than the notice shows them', async () => {
    const season = 'j-2023'
    const refused = childId(4)
    const toldAt = Date.now() + 2_000
    const timeline = await policyWith('jiulongpo-2023-primary', { 'points-application': { opensAt: toldAt + 3_600_000, closesAt: toldAt + 7_200_000 } })
    for (const phase of timeline.phases) if (phase.id === 'purchase-review') phase.publishAt = toldAt
    await harness.api.installSeason({ params: { season }, body: { timeline } })
    harness.people.set(refused, { name: '安宁', idNumber: '990000201001010011', guardianName: '安明', email: `${refused}@ruxue.invalid` })
    const roster = { ...rosterFact(refused), season, facts: { local: false } }
    const reviewed = { season, child: refused, aggregate: 'case', id: 'purchase-review', revision: 3, outcomes: { 'purchase-review': 'refused' }, unmet: ['purchase-right'] }
    const listed = { ...event('registration', 'child-listed', refused, roster), season }
    await harness.deps.producer.send([{ topic: 'registration', event: listed }])
    await vi.waitFor(async () => expect(await harness.sql('SELECT 1 FROM platform.child_fact WHERE child = $1', [refused])).toHaveLength(1), WAIT)
    for (const id of ['first', 'again']) {
      await harness.deps.producer.send([{ topic: 'verification', event: { ...event('verification', 'case-reviewed', refused, reviewed), season, id } }])
    }
    await vi.waitFor(async () => {
      expect(await harness.sql('SELECT state FROM message WHERE child = $1 AND channel = $2', [refused, 'email'])).toEqual([{ state: 'sent' }])
    }, WAIT)
    const [paper] = await harness.sql<{ issuedAt: Date }>('SELECT issued_at AS "issuedAt" FROM paper WHERE child = $1', [refused])
    expect(paper?.issuedAt.getTime()).toBeGreaterThanOrEqual(toldAt)
    const { text } = await harness.api.readPaper({ params: { season, child: refused, phase: 'purchase-review', kind: 'result' }, token: await harness.guardian(refused) })
    expect(text).toContain('原因：不符合“父(母)在九龙坡区购住房(产权不低于51%)且居住满半年”。')
    expect(text).toContain('接下来可办理“积分类学生网上入学申请”。')
  })
})
