import { describe, expect, it } from 'vitest'
import { explainedChild } from '../../../contracts/http/verification.js'
import { MATCHING, POINTS, told } from '../../../policies/jiulongpo.fixture.js'
import type { KnowableFact } from '../../../policies/knowledge.js'
import { loadPolicy } from '../../../policies/load.js'
import { explanationOf } from './explanation.js'

const { timeline } = await loadPolicy('jiulongpo-2023-primary')

const read = (...facts: KnowableFact[]) => explanationOf(timeline, facts, [])
const ruleOf = (rule: string, ...facts: KnowableFact[]) => read(...facts).rules.find((judged) => judged.rule === rule)!
const household = (more: Record<string, string | boolean | number> = {}) => told.filed('household-application', 'household', { ...MATCHING, ...more })
const police = (facts: Record<string, string | boolean>) => told.case('police-check', 'answered', facts)
const reviewed = (facts: Record<string, string | boolean | number> = {}) => told.case('household-review', 'approved', facts)
const purchase = (facts: Record<string, string | number>) =>
  [told.filed('purchase-application', 'purchase', facts), told.case('purchase-review', 'approved', facts)]

describe('what a guardian in Jiulongpo reads', () => {
  it('三对口 met, with the fact and who stated it', () => {
    const rule = ruleOf('three-match', household(), reviewed({ 'property.owner': 'guardian' }))
    expect(rule).toMatchObject({ says: '三对口:户籍所在地址与监护人房屋产权地址、实际居住地址一致', verdict: 'met' })
    expect(rule.because).toContainEqual(expect.objectContaining({ value: 'true', facts: [{ fact: 'property.owner', label: '房屋产权人', value: 'guardian', valueLabel: '监护人', source: 'finding', known: true }] }))
  })

  it('三对口 unmet, with the test that fails, and addresses compared but not shown', () => {
    const rule = ruleOf('three-match', household({ 'residence.address': 'elsewhere' }), reviewed())
    expect(rule.verdict).toBe('unmet')
    const fails = rule.because.filter(({ value }) => value === 'false')
    expect(fails.map(({ facts }) => facts?.map(({ fact }) => fact))).toEqual([['household.address', 'property.address', 'residence.address']])
    expect(JSON.stringify(rule)).not.toContain('elsewhere')
  })

  it('参照三对口 met, and unmet since the parents own a dwelling', () => {
    const grandparents = { 'household.head': 'grandparent', 'property.owner': 'grandparent', 'property.parents-own': false }
    expect(ruleOf('like-three-match', household(grandparents), reviewed())).toMatchObject({ verdict: 'met', says: expect.stringContaining('参照三对口') as string })
    const unmet = ruleOf('like-three-match', household(grandparents), reviewed({ 'property.parents-own': true }))
    expect(unmet.verdict).toBe('unmet')
    expect(unmet.because.filter(({ value }) => value === 'false').flatMap(({ facts }) => facts)).toEqual([
      { fact: 'property.parents-own', label: '父母有自购房', value: true, valueLabel: '是', source: 'finding', known: true },
    ])
  })

  it('提前一年 unmet, by the word of the police', () => {
    const rule = ruleOf('one-year-before', household(), police({ 'household.since': '2022-09-01' }))
    expect(rule).toMatchObject({ verdict: 'unmet', says: '提前一年:2022年8月31日前完成落户' })
    expect(rule.because[0]?.facts).toEqual([{ fact: 'household.since', label: '落户日期', value: '2022-09-01', source: 'authority', known: true }])
    expect(ruleOf('one-year-before', household(), police({ 'household.since': '2022-08-31' })).verdict).toBe('met')
  })

  it('提前一年 unknown while the police has not answered, as declared', () => {
    expect(ruleOf('one-year-before', household()).because[0]).toMatchObject({ value: 'unknown', facts: [{ source: 'declared', known: false }] })
  })

  it('六年一户 met by the same family, unmet by another one lately admitted', () => {
    const records = (facts: Record<string, string>) => told.case('records-check', 'answered', facts)
    expect(ruleOf('six-years-one-household', household(), records({ 'dwelling.last-family': 'same' })).verdict).toBe('met')
    const unmet = ruleOf('six-years-one-household', household(), records({ 'dwelling.last-family': 'other', 'dwelling.last-admission': '2020-09-01' }))
    expect(unmet).toMatchObject({ verdict: 'unmet', says: '六年一户:同一套住房6年内只能提供一户家庭子女入学' })
    expect(unmet.because.map(({ value }) => value)).toEqual(['false', 'false'])
  })

  it('对口入学 by the rules of which it is made, each judged in the list too', () => {
    const rule = ruleOf('zoned-right', household(), reviewed())
    expect(rule.verdict).toBe('met')
    expect(rule.because.flatMap((one) => one.rule ?? [])).toEqual(['three-match', 'like-three-match', 'six-years-one-household', 'one-year-before'])
  })

  it('the share of the dwelling and half a year of living there, met and unmet', () => {
    const met = purchase({ 'purchase.share': 51, 'residence.since': '2022-11-30' })
    expect([ruleOf('majority-share', ...met).verdict, ruleOf('half-year-resident', ...met).verdict]).toEqual(['met', 'met'])
    const unmet = purchase({ 'purchase.share': 50.9, 'residence.since': '2022-12-01' })
    expect(ruleOf('majority-share', ...unmet)).toMatchObject({ verdict: 'unmet', says: '所占房屋产权的比例不低于51%' })
    expect(ruleOf('half-year-resident', ...unmet).because[0]?.facts).toMatchObject([{ value: '2022-12-01' }])
  })

  it('the points row by row, with caps, sources, and what is still unknown', () => {
    const asked = [told.filed('points-application', 'points', POINTS), told.chosen('points-choice')]
    const before = read(told.roster({ local: false }), ...asked)
    const total = (explained: typeof before) => explained.counted.find(({ fact }) => fact === 'points.total')!
    expect(total(before).value).toBeUndefined()
    const stored = { ...timeline, facts: Object.fromEntries(Object.entries(timeline.facts).reverse()) }
    expect(explanationOf(stored, asked, []).counted.map(({ fact }) => fact)).toEqual(['points.living', 'points.work', 'points.extra', 'points.total'])
    const after = read(...asked, told.case('points-review', 'approved', { 'work.insured-months': 90 }))
    expect(after.counted.find(({ fact }) => fact === 'points.work')).toMatchObject({
      says: '工作或经商积分', value: 50, atMost: 50,
      parts: [
        { says: '在九龙坡区务工参保每满一个月1分', points: 50, atMost: 50, fact: 'work.insured-months', value: 90, source: 'finding', known: true },
        { says: '在九龙坡区经商(实业)每满一个月1分', points: 0, fact: 'work.business-months', value: 0 },
      ],
    })
    expect(after.counted.map(({ fact }) => fact)).toEqual(['points.living', 'points.work', 'points.extra', 'points.total'])
    expect(total(after)).toMatchObject({ value: 74, parts: [{ fact: 'points.living' }, { fact: 'points.work', value: 50 }, { fact: 'points.extra' }] })
  })

  it('the tests in the words of the policy, beside their ids', () => {
    expect(ruleOf('three-match', household(), reviewed()).because.map(({ test, says }) => [test, says])).toEqual([
      ['household.address, property.address, residence.address are the same', '户籍地址、房屋产权地址、实际居住地址一致'],
      ['property.owner is guardian', '房屋产权人为“监护人”'],
    ])
    expect(ruleOf('six-years-one-household', household(), reviewed()).needs).toBe('此套住房最近入学的家庭为“没有”或“本家庭”，或者此套住房最近一次入学日期不晚于2017年9月1日')
    expect(ruleOf('zoned-right', household(), reviewed()).needs).toMatch(
      /^（符合“三对口:.+”，或者符合“参照三对口:.+”），并且（户籍地址不在“学位紧张学校的招生地段”范围内，或者（符合“六年一户:.+”，并且符合“提前一年:.+”））$/)
    expect(ruleOf('majority-share', ...purchase({ 'purchase.share': 60 })).because[0]?.says).toBe('父母所占房屋产权比例不低于51%')
  })

  it('what a rule denies as one test, true if the rule is the better for it', () => {
    const special = ruleOf('special-group', told.filed('special-application', 'special', { 'special.group': 'martyr' }), told.case('special-review', 'approved', { 'special.group': 'martyr' }))
    expect(special).toMatchObject({ verdict: 'met', because: [{ says: '特殊群体类别不为“无”', value: 'true', facts: [{ valueLabel: '烈士' }] }] })
  })

  it.each([
    [{ 'residence.address': 'elsewhere' }, ['实际居住地址']],
    [{ 'household.address': 'elsewhere', 'residence.address': 'nowhere' }, ['户籍地址', '房屋产权地址', '实际居住地址']],
    [{}, []],
  ])('which of the addresses that must agree differs: %j', (addresses, differing) => {
    const [same] = ruleOf('three-match', household(addresses), reviewed()).because
    expect(same?.facts?.filter(({ differs }) => differs).map(({ label }) => label)).toEqual(differing)
  })

  it('only the rules that are asked of the child, in the policy’s order, even of a stored timeline', () => {
    const stored = { ...timeline, rules: Object.fromEntries(Object.entries(timeline.rules).reverse()) }
    const rulesOf = (...facts: KnowableFact[]) => explanationOf(stored, facts, []).rules.map(({ rule }) => rule)
    const zoned = ['three-match', 'like-three-match', 'six-years-one-household', 'one-year-before', 'zoned-right']
    expect(rulesOf(told.roster({ local: true }), household())).toEqual(zoned)
    expect(rulesOf(told.roster({ local: false }), ...purchase({ 'purchase.share': 60 }))).toEqual(['majority-share', 'half-year-resident', 'purchase-right'])
    expect(rulesOf(told.roster({ local: true }), household({ route: 'converted' }), told.chosen('converted-choice'))).toEqual(['converted-right'])
    expect(explanationOf(timeline, [told.roster({ local: true }), household()], []).counted).toEqual([])
  })

  it('what the contract says and nothing else', () => {
    expect(() => explainedChild.parse({ child: `c${'a'.repeat(25)}`, ...read(household(), reviewed(), ...purchase({ 'purchase.share': 60 })) })).not.toThrow()
  })
})
