import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Behaviour } from '../../../infra/simulators/authority-answers.js'
import { httpAuthority } from '../../../services/verification/events/authorities/authority.js'
import { inquiries } from '../../../services/verification/events/authorities/inquiries.js'
import { openDatabase } from '../../../services/verification/store/database.js'
import { CaseTimelines } from '../../../services/verification/store/timelines.js'
import { createClient } from '../../../platform/http/index.js'
import { registrationEndpoints } from '../../../contracts/http/registration.js'
import { databaseUrl } from '../../../platform/postgres/index.js'
import type { Poller } from '../../../platform/poller.js'
import { childId, filedFact, rosterFact, SAME_ADDRESSES, SEASON } from '../support.js'
import { verificationHarness } from './harness.js'

const harness = verificationHarness(['verification-inquiries'])
const WAIT = { timeout: 40_000, interval: 50 }

/** A child whom the police treats so. */
const meet = (number: number, behaviour: Behaviour): string => {
  const child = childId(number)
  const idNumber = `99000020100101${String(number).padStart(3, '0')}X`
  harness.people.set(child, { name: '安宁', idNumber, guardianName: '安明' })
  harness.authorities.plan({ [idNumber]: { police: { does: behaviour } } })
  return child
}
const check = { season: SEASON, phase: 'police-check' }
const caseOf = async (child: string) => (await harness.sql<{ state: string; revision: number }>('SELECT state, revision FROM case_file WHERE child = $1', [child]))[0]
const questionOf = async (child: string) =>
  (await harness.sql<{ reply: object | null; attempts: number; last_error: string | null; waiting: boolean }>(
    'SELECT reply, attempts, last_error, next_at IS NOT NULL AS waiting FROM question WHERE child = $1', [child]))[0]

describe('a check by the police', () => {
  beforeEach(() => harness.install())

  it('states a match as the address the family declared, and publishes it', async () => {
    const child = meet(1, 'match')
    expect(await harness.open(child, 'police-check')).toBe('open')
    await vi.waitFor(async () => expect(await caseOf(child)).toEqual({ state: 'answered', revision: 1 }), WAIT)
    const [event] = await harness.events(child)
    expect(event).toMatchObject({ type: 'cn.ruxue.verification.authority-answered.v1', data: { facts: { 'household.address': 'a1' }, outcomes: { 'police-check': 'answered' } } })
    expect(await harness.open(child, 'police-check')).toBe('answered')
    expect(await harness.events(child)).toHaveLength(1)
  })

  it('states another address as one that equals none, so that the rule is unmet', async () => {
    const child = meet(2, 'other')
    await harness.open(child, 'police-check')
    await vi.waitFor(async () => expect(await caseOf(child)).toMatchObject({ state: 'answered' }), WAIT)
    expect((await harness.events(child))[0]?.data.facts?.['household.address']).toMatch(/^differs:/)
    await harness.open(child, 'review')
    const view = await harness.api.getCase({ params: { season: SEASON, phase: 'review', child }, token: await harness.tokens.as({ role: 'city' }) })
    expect(view.rules.find(({ rule }) => rule === 'two-consistences')?.value).toBe('unmet')
  })

  it('takes an authority that does not know for a silent one, and asks it no more', async () => {
    const child = meet(3, 'unknown')
    await harness.open(child, 'police-check')
    await vi.waitFor(async () => expect(await caseOf(child)).toEqual({ state: 'silent', revision: 0 }), WAIT)
    expect(await harness.events(child)).toEqual([])
    expect(await questionOf(child)).toMatchObject({ reply: { facts: {}, none: [] }, waiting: false })
  })

  it('asks a silent authority again and again, and another child is not kept waiting by it', async () => {
    const silent = meet(4, 'silent')
    await harness.open(silent, 'police-check')
    await vi.waitFor(async () => expect((await questionOf(silent))?.attempts).toBeGreaterThanOrEqual(3), WAIT)
    const other = meet(5, 'match')
    await harness.open(other, 'police-check')
    await vi.waitFor(async () => expect(await caseOf(other)).toMatchObject({ state: 'answered' }), WAIT)
    expect(await caseOf(silent)).toEqual({ state: 'asked', revision: 0 })
    expect(await questionOf(silent)).toMatchObject({ last_error: 'unreachable', waiting: true })
  })

  it('takes the answer of an authority that recovered', async () => {
    const child = meet(6, 'silent')
    await harness.open(child, 'police-check')
    await vi.waitFor(async () => expect((await questionOf(child))?.attempts).toBeGreaterThanOrEqual(2), WAIT)
    meet(6, 'match')
    await vi.waitFor(async () => expect(await caseOf(child)).toMatchObject({ state: 'answered' }), WAIT)
  })

  it('asks again while registration cannot say who the child is', async () => {
    const child = childId(7)
    await harness.open(child, 'police-check')
    await vi.waitFor(async () => expect(await questionOf(child)).toMatchObject({ last_error: 'nobody-known' }), WAIT)
    meet(7, 'match')
    await vi.waitFor(async () => expect(await caseOf(child)).toMatchObject({ state: 'answered' }), WAIT)
  })

  it('leaves the fact unknown when the window closed in silence, and a review resolves it', async () => {
    const child = meet(8, 'silent')
    await harness.open(child, 'police-check')
    await vi.waitFor(async () => expect((await questionOf(child))?.attempts).toBeGreaterThanOrEqual(1), WAIT)
    await harness.sql(`UPDATE platform.phase_window SET closes_at = clock_timestamp() - interval '1 minute' WHERE phase = 'police-check'`)
    expect((await harness.api.closePhase({ params: check })).count).toBe(0)
    expect(await caseOf(child)).toEqual({ state: 'silent', revision: 0 })
    expect(await questionOf(child)).toMatchObject({ waiting: false })
    await harness.open(child, 'review')
    const token = await harness.tokens.as({ role: 'school', school: 's1' })
    const params = { season: SEASON, phase: 'review', child }
    const unknown = (await harness.api.getCase({ params, token })).rules.find(({ rule }) => rule === 'two-consistences')
    expect(unknown?.value).toBe('unknown')
    expect(await harness.api.decideCase({ params, token, body: { outcome: 'approved' } })).toMatchObject({ state: 'approved' })
  })

  it('does not take an answer that came at the close', async () => {
    const timeline = await harness.install()
    const closesAt = timeline.phases.find(({ id }) => id === 'police-check')?.closesAt
    const child = meet(9, 'match')
    harness.clock.set(closesAt)
    await harness.open(child, 'police-check')
    await vi.waitFor(async () => expect(await questionOf(child)).toMatchObject({ reply: null, last_error: 'window-closed' }), WAIT)
    expect(await harness.events(child)).toEqual([])
  })
})

describe('inquiries that died half-way', () => {
  const started: Poller[] = []
  afterEach(async () => { for (const poller of started.splice(0)) await poller.stop() })

  it('are taken up by the next process when their time is over', async () => {
    await harness.install()
    await harness.service.components.find(({ name }) => name === 'verification-inquiries')?.stop()
    const child = meet(10, 'match')
    await harness.open(child, 'police-check', [rosterFact(child), filedFact(child, SAME_ADDRESSES)])
    await harness.sql(`UPDATE question SET attempts = 1, next_at = clock_timestamp() + interval '300 milliseconds'`)
    await harness.sql(`UPDATE case_file SET state = 'asked'`)
    const database = openDatabase(databaseUrl(harness.deps.config, 'verification'), { applicationName: 'next', statementTimeoutMs: 4_000 })
    const { config, clock, log } = harness.deps
    const next = inquiries({
      database, timelines: new CaseTimelines(database), clock, log, count: () => undefined,
      authorities: [httpAuthority('police', harness.authorities.urlOf('police'), 1_000)],
      registration: createClient(registrationEndpoints, { baseUrl: config.registrationUrl, token: harness.tokens.service }),
      concurrency: 4, pollMs: 50, leaseMs: 1_000, retryMs: 50, longestRetryMs: 100,
    })
    started.push(next)
    await next.start()
    await vi.waitFor(async () => expect(await caseOf(child)).toEqual({ state: 'answered', revision: 1 }), WAIT)
    expect((await questionOf(child))?.attempts).toBeGreaterThanOrEqual(2)
    await next.stop()
    await database.$disconnect()
  })
})
