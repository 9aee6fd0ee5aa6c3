import { beforeAll, describe, expect, it } from 'vitest'
import type { Timeline } from '../../../policies/timeline.js'
import { isProblem, type Problem } from '../../../platform/problem.js'
import { MATCHING, POINTS } from '../../../policies/jiulongpo.fixture.js'
import { atSchool, changchun, filedFact, openReview, policeFact, review, rosterFact, SAME_ADDRESSES } from './case.fixture.js'
import { loadPolicy } from '../../../policies/load.js'
import { decide } from './decide.js'
import { caseFact } from './fact.js'
import { withFindings } from './findings.js'
import { foldKnowledge } from '../../../policies/knowledge.js'

/** The problem with which something was refused. */
const refusal = (run: () => unknown): Problem => {
  try {
    run()
  } catch (error) {
    if (isProblem(error)) return error
    throw error
  }
  throw new Error('it was not refused')
}

describe('deciding a case', () => {
  let timeline: Timeline
  beforeAll(async () => { timeline = await changchun() })
  const matched = () => [rosterFact(), filedFact(), policeFact('a1')]
  const mismatched = () => [rosterFact(), filedFact(), policeFact('differs:x')]

  it('approves a child whose rules are met and ends a review of one step', () => {
    expect(decide(atSchool(timeline, matched()), { outcome: 'approved' })).toMatchObject({ state: 'approved', outcome: 'approved', step: { by: 'school' } })
  })

  it('does not let an unmet rule be approved and explains why', () => {
    const error = refusal(() => decide(atSchool(timeline, mismatched()), { outcome: 'approved' }))
    expect(error.type).toBe('rule-unmet')
    expect(error.particulars?.rules).toEqual([expect.objectContaining({ rule: 'two-consistences', value: 'unmet', explanation: expect.anything() })])
  })

  it('refuses a child whose rule is unmet, with a reason', () => {
    expect(decide(atSchool(timeline, mismatched()), { outcome: 'refused', reason: '户籍不一致' })).toMatchObject({ state: 'refused', outcome: 'refused', unmet: ['two-consistences'] })
    expect(refusal(() => decide(atSchool(timeline, mismatched()), { outcome: 'refused' })).type).toBe('invalid-input')
  })

  it('finds no ground to refuse a child whose rules are all met', () => {
    expect(refusal(() => decide(atSchool(timeline, matched()), { outcome: 'refused', reason: 'no' })).type).toBe('rule-met')
  })

  it('refuses a child whose rules are met by declaration once a finding breaks one', () => {
    const decided = decide(atSchool(timeline, matched()), { outcome: 'refused', reason: 'flat sold', findings: { 'property.address': 'differs' } })
    expect(decided.outcome).toBe('refused')
    expect(decided.findings['property.address']).toMatch(/^differs:/)
  })

  it('lets the papers overrule an authority: the declared address is confirmed', () => {
    const decided = decide(atSchool(timeline, mismatched()), { outcome: 'approved', findings: { 'household.address': 'confirmed' } })
    expect(decided).toMatchObject({ outcome: 'approved', findings: { 'household.address': 'a1' } })
  })

  it('leaves both decisions open where the authority was silent', () => {
    const silent = [rosterFact(), filedFact()]
    expect(decide(atSchool(timeline, silent), { outcome: 'approved' }).outcome).toBe('approved')
    expect(decide(atSchool(timeline, silent), { outcome: 'refused', reason: 'papers missing' }).outcome).toBe('refused')
  })

  it('leaves no rule unknown in an approval', () => {
    const decided = decide(atSchool(timeline, [rosterFact(), filedFact()]), { outcome: 'approved' })
    expect(decided.judged.map(({ value }) => value)).toEqual(['met', 'met'])
  })

  it('does not approve by declared addresses that differ, though the authority was silent', () => {
    const differing = [rosterFact(), filedFact({ ...SAME_ADDRESSES, 'household.address': 'a2' })]
    expect(refusal(() => decide(atSchool(timeline, differing), { outcome: 'approved' })).type).toBe('rule-unmet')
  })

  it('asks for a fact that nobody stated and that the review can find', () => {
    const junior = [rosterFact({ stage: 'junior' }), filedFact(), policeFact('a1')]
    const error = refusal(() => decide(atSchool(timeline, junior), { outcome: 'approved' }))
    expect(error.type).toBe('rule-unmet')
    expect(error.particulars?.missing).toEqual(['primary.status'])
    expect(decide(atSchool(timeline, junior), { outcome: 'approved', findings: { 'primary.status': true } }).outcome).toBe('approved')
  })

  it('takes findings only about facts this review finds, of their type', () => {
    const error = refusal(() => decide(atSchool(timeline, matched()), { outcome: 'approved', findings: { residency: 'permit' } }))
    expect(error.type).toBe('unknown-field')
    expect(error.faults).toEqual([{ at: '/findings/residency', message: 'is not found by review' }])
    expect(refusal(() => decide(atSchool(timeline, matched()), { outcome: 'approved', findings: { 'primary.status': 'yes' } })).type).toBe('invalid-input')
    expect(refusal(() => decide(atSchool(timeline, matched()), { outcome: 'approved', findings: { 'household.address': 'a9' } })).type).toBe('invalid-input')
  })

  it('refuses another office, a second decision, an outdated view and a child that left', () => {
    const district = { subject: 'd', role: 'district' as const, district: 'nanguan' }
    expect(refusal(() => decide(atSchool(timeline, matched(), { caller: district }), { outcome: 'approved' })).type).toBe('wrong-step')
    expect(refusal(() => decide(atSchool(timeline, matched(), { theCase: openReview({ state: 'approved' }) }), { outcome: 'approved' })).type).toBe('already-decided')
    expect(refusal(() => decide(atSchool(timeline, matched(), { theCase: openReview({ revision: 2 }) }), { outcome: 'approved', revision: 1 })).type).toBe('stale-revision')
    const left = { ...rosterFact(), aggregate: 'withdrawal' as const, id: 'withdrawal', reason: 'moved-away' as const }
    expect(refusal(() => decide(atSchool(timeline, [...matched(), left]), { outcome: 'approved' })).type).toBe('withdrawn')
  })

  it('lets the district decide in the school’s place where no school could be named', () => {
    const nowhere = openReview({ state: 'at-district', district: 'nanguan' })
    delete nowhere.school
    const caller = { subject: 'd', role: 'district' as const, district: 'nanguan' }
    expect(decide(atSchool(timeline, matched(), { theCase: nowhere, caller }), { outcome: 'approved' }).outcome).toBe('approved')
  })

  it('hands an approval to the next office and ends at the last one', () => {
    const own = { ...filedFact({}), id: 'own-school', outcomes: { 'own-school-application': 'filed' } }
    const facts = [rosterFact({ stage: 'junior', 'primary.school': 'private-nine-year', 'own.school': 's7' }), filedFact(), own]
    const phase = review(timeline, 'own-school-review')
    const theCase = openReview({ phase: phase.id, school: 's7' })
    const first = decide(atSchool(timeline, facts, { phase, theCase }), { outcome: 'approved' })
    expect(first).toMatchObject({ state: 'at-district', step: { by: 'school' } })
    expect(first.outcome).toBeUndefined()
    const next = openReview({ ...theCase, state: 'at-district', steps: [first.step], revision: 1 })
    const caller = { subject: 'd', role: 'district' as const, district: 'nanguan' }
    expect(decide(atSchool(timeline, facts, { phase, theCase: next, caller }), { outcome: 'approved' })).toMatchObject({ outcome: 'approved', step: { by: 'district' } })
    expect(refusal(() => decide(atSchool(timeline, facts, { phase, theCase: next }), { outcome: 'approved' })).type).toBe('wrong-step')
  })

  it('asks for every part of what is counted, and counts the findings by the policy’s tables', async () => {
    const { timeline: jiulongpo } = await loadPolicy('jiulongpo-2023-primary')
    const phase = review(jiulongpo, 'points-review')
    const { 'work.insured-months': months, ...stated } = POINTS
    const filed = { ...filedFact(stated), id: 'points', outcomes: { 'points-application': 'filed' } }
    const context = atSchool(jiulongpo, [rosterFact({ local: false }), filed], { phase, theCase: openReview({ phase: phase.id }) })
    const error = refusal(() => decide(context, { outcome: 'approved' }))
    expect(error.type).toBe('rule-unmet')
    expect(error.particulars?.missing).toEqual(['work.insured-months'])
    const decided = decide(context, { outcome: 'approved', findings: { 'work.insured-months': months! } })
    expect(decided.judged.every(({ value }) => value === 'met')).toBe(true)
    const known = withFindings(jiulongpo, foldKnowledge(jiulongpo, context.facts), { ...stated, 'work.insured-months': 99 })
    expect(known.facts['points.work']).toEqual({ value: 50, source: 'table', known: true })
    expect(known.facts['points.total']).toEqual({ value: 19 + 50 + 5, source: 'sum', known: true })
  })

  it('restates the places of an address it finds: none of another, those declared of a confirmed one, or what the papers show', async () => {
    const { timeline: jiulongpo } = await loadPolicy('jiulongpo-2023-primary')
    const phase = review(jiulongpo, 'converted-eligibility')
    const declared = { ...MATCHING, ...Object.fromEntries(['household', 'property', 'residence'].map((which) => [`${which}.address@huarun-24`, true])), 'property.entitled': false }
    const filed = { ...filedFact(declared), id: 'household', outcomes: { 'household-application': 'filed' } }
    const caller = { subject: 'd', role: 'district' as const, district: 'nanguan' }
    const theCase = openReview({ phase: phase.id, state: 'at-district' })
    const police = caseFact(jiulongpo, { ...theCase, phase: 'police-check' }, 1, { facts: { 'household.address': 'differs:x' } }, 'answered')
    expect(police.none).toEqual(['household.address@crowded-zones', 'household.address@huarun-24'])
    const facts = [rosterFact({ local: true }), { ...filed, facts: { ...declared, route: 'converted' } }, police]
    const context = atSchool(jiulongpo, facts, { phase, theCase, caller })
    const approve = (findings: Record<string, string | boolean>) => decide(context, { outcome: 'approved', findings: { 'household.guardian': true, 'property.entitled': false, ...findings } })
    const missing = refusal(() => approve({}))
    expect(missing.particulars?.missing).toEqual(['household.address@huarun-24'])
    expect(approve({ 'household.address': 'confirmed' }).findings).toMatchObject({ 'household.address': 'a', 'household.address@huarun-24': true })
    expect(approve({ 'household.address': 'differs', 'household.address@huarun-24': true }).outcome).toBe('approved')
    expect(refusal(() => approve({ 'household.address': 'differs', 'household.address@huarun-24': false })).type).toBe('rule-unmet')
    const before = { ...theCase, findings: { 'household.address': 'a', 'household.address@huarun-24': true } }
    const again = refusal(() => decide({ ...context, theCase: before }, { outcome: 'approved', findings: { 'household.address': 'differs', 'household.guardian': true, 'property.entitled': false } }))
    expect(again.particulars?.missing).toEqual(['household.address@huarun-24'])
  })

  it('ends a review at the first refusal, free where the review needs no rule', () => {
    const own = { ...filedFact({}), id: 'own-school', outcomes: { 'own-school-application': 'filed' } }
    const phase = review(timeline, 'own-school-review')
    const context = atSchool(timeline, [rosterFact(), filedFact(), own], { phase, theCase: openReview({ phase: phase.id }) })
    expect(decide(context, { outcome: 'refused', reason: 'not our pupil' })).toMatchObject({ state: 'refused', outcome: 'refused' })
  })
})
