import { beforeEach, describe, expect, it, vi } from 'vitest'
import { eventSource, type Event } from '../../../contracts/events/envelope.js'
import { startConsumer } from '../../../platform/kafka/index.js'
import { createLog } from '../../../platform/log.js'
import { childId, filedFact, rosterFact, SAME_ADDRESSES, SEASON } from '../support.js'
import { verificationHarness } from './harness.js'

const harness = verificationHarness('all')
const WAIT = { timeout: 30_000, interval: 100 }
const event = (topic: 'registration' | 'allocation', name: string, id: string, subject: string, data: unknown): Event => ({
  id, type: `cn.ruxue.${topic}.${name}.v1`, source: eventSource(topic), subject, time: new Date().toISOString(), season: SEASON, data,
})
const zone = { season: SEASON, id: 'z5', district: 'nanguan', schools: ['s5', 's6'], addresses: [{ district: 'nanguan', street: '人民大街' }] }

describe('what verification hears and says', () => {
  beforeEach(() => harness.install())

  it('takes facts and zones from other topics, in any order and twice, and puts a poisoned one aside', async () => {
    const child = childId(1)
    const filed = { ...filedFact(child, SAME_ADDRESSES, 'z5'), revision: 2 }
    await harness.deps.producer.send([
      { topic: 'allocation', event: event('allocation', 'zone-drawn', 'z5/1', 'z5', zone) },
      { topic: 'registration', event: event('registration', 'registration-filed', 'poison', child, { season: SEASON, child: 'nobody' }) },
      { topic: 'registration', event: event('registration', 'registration-amended', 'f2', child, filed) },
      { topic: 'registration', event: event('registration', 'registration-filed', 'f1', child, filedFact(child)) },
      { topic: 'registration', event: event('registration', 'registration-amended', 'f2', child, filed) },
      { topic: 'registration', event: event('registration', 'child-listed', 'r1', child, rosterFact(child)) },
    ])
    await vi.waitFor(async () => {
      expect(await harness.sql('SELECT aggregate, revision FROM platform.child_fact ORDER BY aggregate')).toEqual([
        { aggregate: 'registration', revision: 2 }, { aggregate: 'roster', revision: 1 },
      ])
      expect(await harness.sql('SELECT schools FROM zone WHERE id = $1', ['z5'])).toEqual([{ schools: ['s5', 's6'] }])
    }, WAIT)
    expect(await harness.open(child, 'review', [])).toBe('at-school')
  })

  it('sends what it decided to its topic', async () => {
    const child = childId(2)
    const heard: Event[] = []
    const { kafka, producer, config } = harness.deps
    const listener = await startConsumer({
      kafka, producer, topicPrefix: config.topicPrefix, group: 'listener', topics: ['verification', 'dead-letter'],
      log: createLog({ name: 'listener', level: 'silent' }), sessionTimeoutMs: 6_000,
      handleBatch: async (events, { topic }) => { heard.push(...events.map((one) => (topic === 'dead-letter' ? { ...one, subject: topic } : one))) },
    })
    await harness.open(child, 'review')
    await harness.api.decideCase({ params: { season: SEASON, phase: 'review', child }, body: { outcome: 'approved' }, token: await harness.tokens.as({ role: 'school', school: 's1' }) })
    await vi.waitFor(() => {
      expect(heard.find(({ subject }) => subject === child)).toMatchObject({ type: 'cn.ruxue.verification.case-reviewed.v1', data: { outcomes: { review: 'approved' } } })
      expect(heard.filter(({ subject }) => subject === 'dead-letter').map(({ id }) => id)).toEqual(['poison'])
    }, WAIT)
    expect(await harness.sql('SELECT * FROM platform.outbox')).toEqual([])
    await listener.stop()
  })
})
