import { beforeEach, describe, expect, it } from 'vitest'
import { phaseById, type Timeline } from '../../../policies/timeline.js'
import { childId, filedFact, guardianOf, rosterFact, SAME_ADDRESSES, SEASON } from '../support.js'
import { verificationHarness } from './harness.js'

const harness = verificationHarness([])
const child = childId(1)
const of = (phase: string, who = child) => ({ season: SEASON, phase, child: who })
const school = (id = 's1') => harness.tokens.as({ role: 'school', school: id, subject: `reviewer-${id}` })
const district = () => harness.tokens.as({ role: 'district', district: 'nanguan', subject: 'officer' })
const decide = async (body: { outcome: 'approved' | 'refused'; reason?: string; revision?: number; findings?: Record<string, string | boolean> }, token = school(), phase = 'review') =>
  harness.api.decideCase({ params: of(phase), body, token: await token })

describe('a school review', () => {
  let timeline: Timeline
  beforeEach(async () => { timeline = await harness.install() })

  it('opens a case once, at the first school of the child’s zone', async () => {
    expect(await harness.open(child, 'review')).toBe('at-school')
    expect(await harness.open(child, 'review')).toBe('at-school')
    const { cases } = await harness.api.listCases({ params: { season: SEASON }, token: await school() })
    expect(cases).toMatchObject([{ child, phase: 'review', school: 's1', district: 'nanguan', state: 'at-school', revision: 0 }])
    expect(cases[0]?.rules.map(({ rule, value }) => [rule, value])).toEqual([['two-consistences', 'unknown'], ['primary-record', 'met']])
  })

  it('opens one case when two workers open it at once', async () => {
    expect(await Promise.all([1, 2, 3, 4].map(() => harness.open(child, 'review')))).toEqual(Array(4).fill('at-school'))
    expect(await harness.sql('SELECT * FROM case_file')).toHaveLength(1)
  })

  it('opens no case for a child whom the phase does not ask, and none before the phase opens', async () => {
    await expect(harness.open(child, 'review', [rosterFact(child)])).rejects.toMatchObject({ type: 'not-eligible' })
    harness.clock.set(phaseById(timeline, 'review').opensAt - 1)
    await expect(harness.open(child, 'review')).rejects.toMatchObject({ type: 'not-yet', retryAfterMs: 1 })
    await expect(harness.open(child, 'zoning')).rejects.toMatchObject({ type: 'unknown-phase' })
    await expect(harness.open(child, 'review', [rosterFact(childId(2))])).rejects.toMatchObject({ type: 'invalid-input' })
  })

  it('asks again later while word of the zone has not come', async () => {
    await expect(harness.open(child, 'review', [rosterFact(child), filedFact(child, SAME_ADDRESSES, 'z9')])).rejects.toMatchObject({ type: 'not-yet' })
    await harness.drawZone('z9', 's9')
    expect(await harness.open(child, 'review')).toBe('at-school')
  })

  it('approves, states the outcome and publishes it in one go', async () => {
    await harness.open(child, 'review')
    const receipt = await decide({ outcome: 'approved' })
    expect(receipt).toMatchObject({ state: 'approved', revision: 1 })
    const [event] = await harness.events(child)
    expect(event).toMatchObject({ type: 'cn.ruxue.verification.case-reviewed.v1', subject: child, id: `${SEASON}/${child}/case/review/1` })
    expect(event?.data).toMatchObject({ aggregate: 'case', id: 'review', revision: 1, outcomes: { review: 'approved' } })
    expect(await harness.sql('SELECT outcome, officer, ordinal FROM case_step')).toEqual([{ outcome: 'approved', officer: 'reviewer-s1', ordinal: 1 }])
  })

  it('shows an approved case with no rule left unknown', async () => {
    await harness.open(child, 'review')
    await decide({ outcome: 'approved' })
    const view = await harness.api.getCase({ params: of('review'), token: await harness.tokens.as({ role: 'guardian', subject: guardianOf(child) }) })
    expect(view.rules.every(({ value }) => value === 'met')).toBe(true)
    expect(view.steps).toMatchObject([{ by: 'school', outcome: 'approved' }])
  })

  it('refuses the decision of another school, another district, another guardian and the wrong office', async () => {
    await harness.open(child, 'review')
    await expect(decide({ outcome: 'approved' }, school('s2'))).rejects.toMatchObject({ type: 'forbidden' })
    await expect(decide({ outcome: 'approved' }, harness.tokens.as({ role: 'district', district: 'chaoyang' }))).rejects.toMatchObject({ type: 'forbidden' })
    await expect(decide({ outcome: 'approved' }, district())).rejects.toMatchObject({ type: 'wrong-step' })
    const stranger = await harness.tokens.as({ role: 'guardian', subject: guardianOf(childId(2)) })
    await expect(harness.api.getCase({ params: of('review'), token: stranger })).rejects.toMatchObject({ type: 'forbidden' })
    await expect(harness.api.getCase({ params: of('review', childId(3)), token: await school() })).rejects.toMatchObject({ type: 'not-found' })
  })

  it('does not approve an unmet rule and tells why', async () => {
    await harness.open(child, 'review', [rosterFact(child), filedFact(child, { ...SAME_ADDRESSES, 'residence.address': 'a2' })])
    await expect(decide({ outcome: 'approved' })).rejects.toMatchObject({
      type: 'rule-unmet', particulars: { rules: [expect.objectContaining({ rule: 'two-consistences', value: 'unmet', explanation: expect.anything() })] },
    })
    expect(await harness.events(child)).toEqual([])
    expect(await decide({ outcome: 'refused', reason: '不一致' })).toMatchObject({ state: 'refused' })
    const [stated] = await harness.events(child)
    expect(stated?.data).toMatchObject({ outcomes: { review: 'refused' }, unmet: ['two-consistences'] })
    expect(JSON.stringify(stated)).not.toContain('不一致')
  })

  it('states what a review found', async () => {
    await harness.open(child, 'review')
    await decide({ outcome: 'refused', reason: '房产已售', findings: { 'property.address': 'differs' } })
    expect((await harness.events(child))[0]?.data.facts?.['property.address']).toMatch(/^differs:/)
  })

  it('accepts a decision one millisecond before the close and refuses one at it with the instant', async () => {
    await harness.open(child, 'review')
    const { closesAt } = phaseById(timeline, 'review')
    harness.clock.set(closesAt)
    await expect(decide({ outcome: 'approved' })).rejects.toMatchObject({ type: 'window-closed', closesAt: new Date(closesAt).toISOString() })
    harness.clock.set(closesAt - 1)
    expect(await decide({ outcome: 'approved' })).toMatchObject({ receivedAt: new Date(closesAt - 1).toISOString() })
  })

  it('lets one of two simultaneous decisions win', async () => {
    await harness.open(child, 'review')
    const results = await Promise.allSettled([decide({ outcome: 'approved' }), decide({ outcome: 'approved' })])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({ type: 'already-decided' })
    expect(await harness.events(child)).toHaveLength(1)
  })

  it('answers a repeated request with the first answer', async () => {
    await harness.open(child, 'review')
    const call = { params: of('review'), body: { outcome: 'approved' as const }, token: await school(), idempotencyKey: 'k1' }
    const first = await harness.api.decideCase(call)
    expect(await harness.api.decideCase(call)).toEqual(first)
    expect(await harness.events(child)).toHaveLength(1)
  })

  it('pages through the cases of an office', async () => {
    for (let number = 1; number <= 5; number += 1) await harness.open(childId(number), 'review')
    const token = await school()
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await harness.api.listCases({ params: { season: SEASON }, query: { limit: 2, ...(cursor !== undefined && { cursor }) }, token })
      seen.push(...page.cases.map((one) => one.child))
      cursor = page.next
    } while (cursor !== undefined)
    expect(seen).toEqual([1, 2, 3, 4, 5].map(childId))
    expect((await harness.api.listCases({ params: { season: SEASON }, token: await school('s2') })).cases).toEqual([])
    expect((await harness.api.listCases({ params: { season: SEASON }, token: await district() })).cases).toHaveLength(5)
  })
})

describe('a review of school and district', () => {
  const own = [
    rosterFact(child, { stage: 'junior', 'primary.school': 'private-nine-year', 'own.school': 's7' }), filedFact(child),
    { ...filedFact(child), id: 'own-school', facts: {}, outcomes: { 'own-school-application': 'filed' } },
  ]
  beforeEach(async () => {
    await harness.install()
    await harness.sql('INSERT INTO school VALUES ($1, $2, $3)', [SEASON, 's7', 'chaoyang'])
  })

  it('goes from the school that the child names to that school’s district', async () => {
    expect(await harness.open(child, 'own-school-review', own)).toBe('at-school')
    expect(await decide({ outcome: 'approved' }, school('s7'), 'own-school-review')).toMatchObject({ state: 'at-district' })
    const [stepped] = await harness.events(child)
    expect(stepped?.type).toBe('cn.ruxue.verification.case-stepped.v1')
    expect(stepped?.data.outcomes).toBeUndefined()
    await expect(decide({ outcome: 'approved' }, school('s7'), 'own-school-review')).rejects.toMatchObject({ type: 'wrong-step' })
    const chaoyang = harness.tokens.as({ role: 'district', district: 'chaoyang' })
    await expect(decide({ outcome: 'approved', revision: 0 }, chaoyang, 'own-school-review')).rejects.toMatchObject({ type: 'stale-revision' })
    expect(await decide({ outcome: 'approved', revision: 1 }, chaoyang, 'own-school-review')).toMatchObject({ state: 'approved', revision: 2 })
  })
})

describe('the close of a review', () => {
  const drained = Date.now() - 60_000
  beforeEach(() => harness.install({ review: { opensAt: drained - 60_000, closesAt: drained } }))
  const close = () => harness.api.closePhase({ params: { season: SEASON, phase: 'review' } })

  it('leaves undecided cases undecided, states nothing about them and counts the decided ones', async () => {
    harness.clock.set(drained - 10)
    await harness.open(child, 'review')
    await harness.open(childId(2), 'review')
    await decide({ outcome: 'approved' })
    const first = await close()
    expect(first.count).toBe(1)
    expect(await close()).toEqual(first)
    expect(await harness.sql('SELECT state FROM case_file ORDER BY child')).toEqual([{ state: 'approved' }, { state: 'undecided' }])
    expect(await harness.events(childId(2))).toEqual([])
    await expect(decide({ outcome: 'approved' })).rejects.toMatchObject({ type: 'window-closed' })
    const { state, facts } = (await harness.api.getOutcome({ params: of('review') })) as { state: string; facts: { aggregate: string }[] }
    expect(state).toBe('closed')
    expect(facts.map(({ aggregate }) => aggregate).sort()).toEqual(['case', 'registration', 'roster'])
  })

  it('opens a case that comes after the close as undecided', async () => {
    await close()
    expect(await harness.open(child, 'review')).toBe('undecided')
  })
})
