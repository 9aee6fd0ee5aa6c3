import { beforeAll, describe, expect, it } from 'vitest'
import { checkPolicy } from './check/index.js'
import { compressTimeline } from './compress.js'
import { evaluateRule } from './conditions.js'
import { latestClosing } from './dependents.js'
import { explainChild, formatExplained } from './explain.js'
import { toInstant } from './instant.js'
import { MATCHING, POINTS, told } from './jiulongpo.fixture.js'
import { foldKnowledge, type Knowledge } from './knowledge.js'
import { loadPolicy, type LoadedPolicy } from './load.js'
import { phaseById, publishAtOf, settlingOrder } from './timeline.js'

const [PRIMARY, JUNIOR] = ['jiulongpo-2023-primary', 'jiulongpo-2023-junior'] as const
const loaded = new Map<string, LoadedPolicy>()
beforeAll(async () => {
  for (const id of [PRIMARY, JUNIOR]) loaded.set(id, await loadPolicy(id))
})
const policyOf = (id: string): LoadedPolicy => loaded.get(id)!
const shanghai = (local: string): number => toInstant(`2023-${local}`, 'Asia/Shanghai', 'opens')!

/** The notice's calendars as we read them. A day without hours runs 00:00-24:00. */
const WINDOWS: [phase: string, primary: [string, string], junior: [string, string]][] = [
  ['converted-notice', ['06-01 00:00', '06-10 24:00'], ['06-01 00:00', '06-10 24:00']],
  ['household-application', ['06-10 00:00', '06-14 24:00'], ['06-10 00:00', '06-14 24:00']],
  ['converted-choice', ['06-10 00:00', '06-14 24:00'], ['06-10 00:00', '06-14 24:00']],
  ['police-check', ['06-11 00:00', '06-15 24:00'], ['06-15 00:00', '06-16 24:00']],
  ['registry-check', ['06-11 00:00', '06-15 24:00'], ['06-15 00:00', '06-16 24:00']],
  ['records-check', ['06-11 00:00', '06-15 24:00'], ['06-15 00:00', '06-16 24:00']],
  ['household-review', ['06-11 00:00', '06-15 24:00'], ['06-17 00:00', '06-19 24:00']],
  ['household-round', ['06-18 00:00', '06-18 00:00'], ['06-20 00:00', '06-20 00:00']],
  ['household-adjusted', ['06-18 00:00', '06-18 00:00'], ['06-20 00:00', '06-20 00:00']],
  ['household-result', ['06-18 00:00', '06-18 24:00'], ['06-20 00:00', '06-20 24:00']],
  ['disability-arrangement', ['06-16 00:00', '07-12 24:00'], ['06-20 00:00', '07-10 24:00']],
  ['contract-application', ['06-15 00:00', '06-19 24:00'], ['06-15 00:00', '06-19 24:00']],
  ['contract-review', ['06-15 00:00', '06-19 24:00'], ['06-15 00:00', '06-19 24:00']],
  ['contract-admission', ['06-20 00:00', '06-20 00:00'], ['06-20 00:00', '06-20 00:00']],
  ['special-application', ['06-10 00:00', '06-19 24:00'], ['06-10 00:00', '06-19 24:00']],
  ['special-review', ['06-10 00:00', '06-19 24:00'], ['06-10 00:00', '06-19 24:00']],
  ['special-admission', ['06-20 00:00', '06-20 00:00'], ['06-20 00:00', '06-20 00:00']],
  ['special-arrangement', ['06-21 00:00', '07-12 24:00'], ['06-21 00:00', '07-10 24:00']],
  ['converted-eligibility', ['06-15 00:00', '06-16 24:00'], ['06-15 00:00', '06-16 24:00']],
  ['converted-draw', ['06-20 09:00', '06-20 09:00'], ['06-20 09:00', '06-20 09:00']],
  ['converted-result', ['06-20 12:00', '06-21 18:00'], ['06-20 12:00', '06-21 18:00']],
  ['converted-confirmation', ['06-20 12:00', '06-21 18:00'], ['06-20 12:00', '06-21 18:00']],
  ['converted-check-in', ['06-20 00:00', '06-27 24:00'], ['06-20 00:00', '06-27 24:00']],
  ['household-late', ['06-20 12:00', '06-27 24:00'], ['06-20 12:00', '06-27 24:00']],
  ['household-late-review', ['06-20 12:00', '06-28 24:00'], ['06-20 12:00', '06-28 24:00']],
  ['household-late-round', ['06-28 24:00', '06-28 24:00'], ['06-28 24:00', '06-28 24:00']],
  ['household-late-adjusted', ['06-28 24:00', '06-28 24:00'], ['06-28 24:00', '06-28 24:00']],
  ['purchase-vacancies', ['06-20 00:00', '06-20 00:00'], ['06-22 00:00', '06-22 00:00']],
  ['purchase-application', ['06-20 00:00', '06-24 24:00'], ['06-22 00:00', '06-25 24:00']],
  ['purchase-choice', ['06-20 00:00', '06-24 24:00'], ['06-22 00:00', '06-25 24:00']],
  ['purchase-check', ['06-25 00:00', '06-27 24:00'], ['06-26 00:00', '06-27 24:00']],
  ['purchase-review', ['06-25 00:00', '06-27 24:00'], ['06-28 00:00', '06-30 24:00']],
  ['purchase-round', ['06-29 24:00', '06-29 24:00'], ['06-30 24:00', '06-30 24:00']],
  ['purchase-result', ['06-30 00:00', '06-30 24:00'], ['07-01 00:00', '07-01 24:00']],
  ['points-vacancies', ['07-02 00:00', '07-02 00:00'], ['07-01 00:00', '07-01 00:00']],
  ['points-application', ['07-02 00:00', '07-04 24:00'], ['07-01 00:00', '07-03 24:00']],
  ['points-choice', ['07-02 00:00', '07-04 24:00'], ['07-01 00:00', '07-03 24:00']],
  ['points-check', ['07-05 00:00', '07-07 24:00'], ['07-04 00:00', '07-05 24:00']],
  ['points-review', ['07-05 00:00', '07-07 24:00'], ['07-06 00:00', '07-07 24:00']],
  ['points-round', ['07-07 24:00', '07-07 24:00'], ['07-07 24:00', '07-07 24:00']],
  ['points-result', ['07-10 00:00', '07-10 24:00'], ['07-08 00:00', '07-08 24:00']],
  ['public-check-in', ['06-18 00:00', '07-12 24:00'], ['06-20 00:00', '07-10 24:00']],
  ['waived-by-migrant', ['07-12 24:00', '07-12 24:00'], ['07-10 24:00', '07-10 24:00']],
  ['no-seat-for-migrant', ['07-12 24:00', '07-12 24:00'], ['07-10 24:00', '07-10 24:00']],
  ['no-application-by-migrant', ['07-12 24:00', '07-12 24:00'], ['07-10 24:00', '07-10 24:00']],
  ['undecided-for-migrant', ['07-12 24:00', '07-12 24:00'], ['07-10 24:00', '07-10 24:00']],
  ['not-eligible-migrant', ['07-12 24:00', '07-12 24:00'], ['07-10 24:00', '07-10 24:00']],
  ['no-choice-by-migrant', ['07-12 24:00', '07-12 24:00'], ['07-10 24:00', '07-10 24:00']],
  ['arrangement', ['07-13 00:00', '08-31 24:00'], ['07-11 00:00', '08-31 24:00']],
]

describe('the calendars of Jiulongpo 2023', () => {
  it.each(WINDOWS)('%s runs from %s in the primary and %s in the junior season', (id, primary, junior) => {
    for (const [policy, [opens, closes]] of [[PRIMARY, primary], [JUNIOR, junior]] as const) {
      const { opensAt, closesAt } = phaseById(policyOf(policy).timeline, id)
      expect({ opensAt, closesAt }).toEqual({ opensAt: shanghai(opens), closesAt: shanghai(closes) })
    }
  })

  it.each([PRIMARY, JUNIOR])('%s has no phase besides these', (id) => {
    expect(policyOf(id).timeline.phases.map((phase) => phase.id)).toEqual(WINDOWS.map(([phase]) => phase))
  })

  it.each([PRIMARY, JUNIOR])('%s places the late comers before purchase, and purchase before points', (id) => {
    const rounds = settlingOrder(policyOf(id).timeline).filter(({ kind }) => kind === 'round').map((phase) => phase.id)
    expect(rounds).toEqual([
      'household-round', 'household-adjusted', 'contract-admission', 'special-admission', 'converted-draw',
      'household-late-round', 'household-late-adjusted', 'purchase-round', 'points-round',
    ])
  })

  it.each([PRIMARY, JUNIOR])('%s shows the draw at noon, after four eyes have approved it', (id) => {
    const draw = phaseById(policyOf(id).timeline, 'converted-draw')
    expect(draw).toMatchObject({ kind: 'round', method: 'lottery', approval: 'four-eyes' })
    expect(publishAtOf(draw as never)).toBe(shanghai('06-20 12:00'))
  })

  it.each([
    [PRIMARY, 'points-check', '07-08 00:00'], [JUNIOR, 'points-check', '07-06 00:00'],
    [PRIMARY, 'household-application', '06-15 00:00'], [JUNIOR, 'converted-choice', '06-15 00:00'],
  ])('of %s %s can be extended to %s at most', (id, phase, limit) => {
    expect(latestClosing(policyOf(id).timeline, phase)).toBe(shanghai(limit))
  })

  it.each([PRIMARY, JUNIOR])('%s can be laid onto four minutes, in the same order', (id) => {
    const { timeline } = policyOf(id)
    const compressed = compressTimeline(timeline, { start: 1_000, seconds: 240, minimumWindowMs: 2_000 })
    expect(compressed.closesAt).toBe(241_000)
    expect(settlingOrder(compressed).map((phase) => phase.id)).toEqual(settlingOrder(timeline).map((phase) => phase.id))
  })
})

describe('the policies of Jiulongpo 2023', () => {
  it.each([PRIMARY, JUNIOR])('%s quotes the notice or says that a phase is ours', (id) => {
    const silent = policyOf(id).policy.phases.filter(({ source, assumed, reading }) => source === undefined && !(assumed && reading))
    expect(silent).toEqual([])
  })

  it.each([PRIMARY, JUNIOR])('%s says that the numbers of its tables are ours', (id) => {
    const tables = Object.values(policyOf(id).policy.facts).flatMap(({ table }) => (table ? [table] : []))
    expect(tables).toHaveLength(3)
    for (const table of tables) expect(table).toMatchObject({ assumed: true, reading: expect.any(String) as string })
  })

  it.each([PRIMARY, JUNIOR])('%s passes the check without an error or a warning', { timeout: 120_000 }, (id) => {
    const { faults, states } = checkPolicy(policyOf(id))
    expect(faults.filter((fault) => fault.severity !== 'note')).toEqual([])
    expect(states).toBeGreaterThan(1_000)
  })

  it.each([PRIMARY, JUNIOR])('%s is small enough to be carried by every workflow', (id) => {
    expect(JSON.stringify(policyOf(id).timeline).length).toBeLessThan(34_000)
  })
})

const known = (values: Record<string, string | number | boolean>, outcomes: Knowledge['outcomes'] = {}): Knowledge => ({
  facts: Object.fromEntries(Object.entries(values).map(([id, value]) => [id, { value, source: 'finding', known: true }])),
  forms: {}, outcomes, seat: 'none', held: [], withdrawn: false,
})
const GRANDPARENTS = { ...MATCHING, 'household.head': 'grandparent', 'property.owner': 'grandparent', 'property.parents-own': false }
const CROWDED = { ...MATCHING, 'household.address@crowded-zones': true, 'dwelling.last-family': 'other', 'dwelling.last-admission': '2017-09-01', 'household.since': '2022-08-31' }
const HUARUN = {
  ...MATCHING, 'household.guardian': true, 'property.entitled': false,
  'household.address@huarun-24': true, 'property.address@huarun-24': true, 'residence.address@huarun-24': true,
}
const PURCHASE = { 'purchase.share': 51, 'residence.since': '2022-11-30' }

/** Facts that meet a rule, a change that makes it unmet, and the fact without which it is unknown. */
const RULES: [policy: string, rule: string, met: Record<string, string | number | boolean>, unmet: Record<string, string | number | boolean>, without: string][] = [
  [PRIMARY, 'three-match', MATCHING, { 'property.address': 'b' }, 'residence.address'],
  [PRIMARY, 'three-match', MATCHING, { 'property.owner': 'grandparent' }, 'property.owner'],
  [PRIMARY, 'like-three-match', GRANDPARENTS, { 'property.parents-own': true }, 'property.parents-own'],
  [PRIMARY, 'like-three-match', GRANDPARENTS, { 'household.since-birth': false }, 'household.head'],
  [PRIMARY, 'like-three-match', { ...GRANDPARENTS, 'property.owner': 'other', 'property.address': 'b' }, { 'residence.address': 'c' }, 'residence.address'],
  [JUNIOR, 'like-three-match', { ...GRANDPARENTS, 'property.owner': 'other' }, { 'household.head': 'other' }, 'household.since-birth'],
  [PRIMARY, 'six-years-one-household', CROWDED, { 'dwelling.last-admission': '2018-09-01' }, 'dwelling.last-admission'],
  [PRIMARY, 'six-years-one-household', { 'dwelling.last-family': 'same' }, { 'dwelling.last-family': 'other', 'dwelling.last-admission': '2020-09-01' }, 'dwelling.last-family'],
  [PRIMARY, 'one-year-before', CROWDED, { 'household.since': '2022-09-01' }, 'household.since'],
  [PRIMARY, 'zoned-right', CROWDED, { 'household.since': '2022-09-01' }, 'household.since'],
  [PRIMARY, 'zoned-right', MATCHING, { 'residence.address': 'b' }, 'household.address@crowded-zones'],
  [JUNIOR, 'majority-share', PURCHASE, { 'purchase.share': 50.9 }, 'purchase.share'],
  [JUNIOR, 'half-year-resident', PURCHASE, { 'residence.since': '2022-12-01' }, 'residence.since'],
  [JUNIOR, 'purchase-right', PURCHASE, { 'residence.since': '2022-12-01' }, 'purchase.share'],
  [JUNIOR, 'points-right', POINTS, { 'work.in-district': false }, 'work.in-district'],
  [PRIMARY, 'converted-right', HUARUN, { 'property.entitled': true }, 'property.entitled'],
  [PRIMARY, 'converted-right', HUARUN, { 'residence.address@huarun-24': false }, 'household.address@huarun-24'],
  [PRIMARY, 'converted-right', HUARUN, { 'property.owner': 'grandparent' }, 'property.owner'],
  [PRIMARY, 'converted-right', HUARUN, { 'household.guardian': false }, 'household.guardian'],
  [JUNIOR, 'converted-right', { local: true, 'household.since': '2023-06-09' }, { 'household.since': '2023-06-10' }, 'household.since'],
  [PRIMARY, 'contract-owner', { 'contract.valid': true }, { 'contract.valid': false }, 'contract.valid'],
  [JUNIOR, 'special-group', { 'special.group': 'small-language' }, { 'special.group': 'none' }, 'special.group'],
]

describe('a rule of Jiulongpo 2023', () => {
  it.each(RULES)('of %s, %s, is met, unmet and unknown', (policy, rule, met, change, without) => {
    const verdict = (values: Record<string, string | number | boolean>) => evaluateRule(rule, known(values), policyOf(policy).timeline).value
    const { [without]: _gone, ...partial } = met
    expect([verdict(met), verdict({ ...met, ...change }), verdict(partial)]).toEqual(['met', 'unmet', 'unknown'])
  })

  it('owes a place to contract owners and special groups once their review approved them', () => {
    const verdict = (outcomes: Knowledge['outcomes']) => evaluateRule('guaranteed', known({}, outcomes), policyOf(PRIMARY).timeline).value
    expect([verdict({ 'contract-review': 'approved' }), verdict({ 'special-review': 'approved' }), verdict({ 'special-review': 'refused' })]).toEqual(['met', 'met', 'unmet'])
  })

  it('owes none to 小语种 beyond what a converted school gives', () => {
    const verdict = (group: string) => evaluateRule('guaranteed', known({ 'special.group': group }, { 'special-review': 'approved' }), policyOf(JUNIOR).timeline).value
    expect([verdict('martyr'), verdict('small-language')]).toEqual(['met', 'unmet'])
  })

  it('counts the points once nothing of them is unknown', () => {
    const { timeline } = policyOf(PRIMARY)
    const verdict = (...facts: ReturnType<typeof told.case>[]) => evaluateRule('points-counted', foldKnowledge(timeline, facts), timeline).value
    const filed = told.filed('points-application', 'points', POINTS)
    expect(verdict(filed)).toBe('unknown')
    expect(verdict(filed, told.case('points-check', 'answered', { 'work.insured-months': 12, 'work.business-months': 0, 'work.in-district': true, 'parent.education': 'degree' }))).toBe('met')
  })

  it.each([PRIMARY, JUNIOR])('of %s reads nothing without a label, nor values without one', (id) => {
    const bare = Object.entries(policyOf(id).policy.facts).filter(([, { label, of, labels }]) => label === undefined || (of && !labels))
    expect(bare.map(([fact]) => fact)).toEqual([])
  })

  it('is explained down to the fact, its value and who said it', () => {
    const facts = [told.filed('household-application', 'household', MATCHING), told.case('police-check', 'answered', { 'household.since': '2022-09-01' })]
    const text = formatExplained(explainChild(policyOf(PRIMARY).timeline, facts))
    expect(text).toContain('rule one-year-before (提前一年:2022年8月31日前完成落户): unmet')
    expect(text).toContain('no       household.since is no later than 2022-08-31 [household.since = 2022-09-01 (authority)]')
  })

  it('of points is explained line by line, with what is still unknown', () => {
    const facts = [told.filed('points-application', 'points', POINTS)]
    const { timeline } = policyOf(PRIMARY)
    const before = formatExplained(explainChild(timeline, facts))
    expect(before).toContain('points.total: unknown')
    expect(before).toContain('    27  在九龙坡区务工参保每满一个月1分, at most 50 [work.insured-months = 27 (declared, not yet confirmed)]')
    const after = formatExplained(explainChild(timeline, [...facts, told.case('points-review', 'approved', { 'work.insured-months': 90 })]))
    expect(after).toContain('points.work (工作或经商积分): 50, at most 50')
    expect(after).toContain('    50  在九龙坡区务工参保每满一个月1分, at most 50 [work.insured-months = 90 (finding)]')
    expect(after).toContain('points.total: 74')
  })
})
