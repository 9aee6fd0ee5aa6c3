import { describe, expect, it } from 'vitest'
import type { EnrollmentEvent } from '../../../contracts/enrollment.js'
import type { ChildFact } from '../../../contracts/facts.js'
import { toInstant } from '../../../policies/instant.js'
import { loadPolicy } from '../../../policies/load.js'
import type { Timeline } from '../../../policies/timeline.js'
import { calendarOf } from './details.js'
import { papersOfEnd, papersOfPlace as placed, papersOfReview, type DuePaper } from './news.js'
import { renderPaper } from './render.js'

const { timeline } = await loadPolicy('jiulongpo-2023-primary')
const { timeline: changchun } = await loadPolicy('changchun-2022')
const child = 'c'
const place = (outcomes: Record<string, string>, seats: ChildFact['seats'] = { held: [] }): ChildFact =>
  ({ season: 's', child, aggregate: 'place', id: 'place', revision: 1, outcomes, seats })
const roster = (local: boolean): ChildFact => ({ season: 's', child, aggregate: 'roster', id: 'roster', revision: 1, facts: { local } })
const papersOfPlace = (of: Timeline, fact: ChildFact, local = true) => placed(of, fact, [roster(local)])
const refused = (phase: string, local: boolean, unmet?: string[]) =>
  papersOfReview(timeline, { season: 's', child, aggregate: 'case', id: phase, revision: 2, outcomes: { [phase]: 'refused' }, ...(unmet && { unmet }) }, [roster(local)])
const instant = (local: string) => toInstant(local, timeline.timezone, 'opens')
const told = (more: Partial<EnrollmentEvent>): EnrollmentEvent => ({ season: 's', child, status: 'ended', sequence: 3, ...more })

/** The Chinese text of the only paper that is due. */
function textOf(due: DuePaper[]): string {
  expect(due).toHaveLength(1)
  const paper = { ...due[0]!, number: 'X-000001', state: 'issued' as const, issuedAt: timeline.opensAt }
  return renderPaper({
    paper, recipient: { childName: '安宁', guardianName: '安明' }, schoolName: paper.school && '谢家湾学校',
    calendar: calendarOf(timeline, paper, new Map())!, timezone: timeline.timezone,
  }, 'zh').text
}

describe('what a family of Jiulongpo is told', () => {
  it('who is drawn is told where, and to confirm in time', () => {
    const text = textOf(papersOfPlace(timeline, place({ 'converted-draw': 'admitted' }, { held: [{ basis: 'converted-draw', school: 'x' }] })))
    expect(text).toContain('安宁同学在本批次被谢家湾学校录取。')
    expect(text).toContain('学位确认时间：2023年6月20日12:00至2023年6月21日18:00')
    expect(text).toContain('请在截止前登录招生平台确认学位，逾期未确认视为放弃。')
  })

  it('who is not drawn is told so, and where to register next, by when and with what', () => {
    const text = textOf(papersOfPlace(timeline, place({ 'converted-draw': 'not-admitted' })))
    expect(text).toContain('未被录取，其他批次的资格不受影响。')
    expect(text).toContain('接下来可办理“对口学校现场登记”。办理时间：2023年6月20日12:00至2023年6月27日24:00（2023年6月27日24:00整截止）。办理地点：对口学校现场。请携带：合法证明材料。')
  })

  it('who has not confirmed in time is told that the place is given up, and where to register next', () => {
    const text = textOf(papersOfPlace(timeline, place({ 'converted-draw': 'admitted', 'converted-confirmation': 'missed' })))
    expect(text).toContain('学位确认结果通知')
    expect(text).toContain('安宁同学未在截止前确认学位，视为自动放弃。')
    expect(text).toContain('接下来可办理“对口学校现场登记”。')
  })

  it('of who does not report a child of the district is told that a desk follows; a migrant child’s end is told', () => {
    const missed = place({ 'purchase-round': 'admitted', 'public-check-in': 'missed' })
    expect(textOf(papersOfPlace(timeline, missed))).toMatch(/逾期未到校报到，视为自动放弃该学位。\n接下来由教育行政部门统筹安排入学，自2023年7月13日00:00起办理/)
    expect(papersOfPlace(timeline, missed, false)).toEqual([])
  })

  it('a migrant child that got nothing by purchase is told when points open, by points that nothing follows', () => {
    const text = textOf(papersOfPlace(timeline, place({ 'purchase-round': 'not-admitted' }), false))
    expect(text).toContain('接下来可办理“积分类学生网上入学申请”。办理时间：2023年7月2日00:00至2023年7月4日24:00（2023年7月4日24:00整截止）。请登录招生平台办理。')
    expect(textOf(papersOfPlace(timeline, place({ 'points-round': 'not-admitted' }), false))).not.toContain('接下来')
  })

  it.each([
    ['converted-eligibility', true, ['converted-right'], /^安宁同学的摇号入学资格审核未通过。\n原因：不符合“适龄儿童和监护人的户籍、房产、实际居住地均在华润二十四城楼盘.+”。\n接下来可办理“对口学校现场登记”。/m],
    ['household-review', true, undefined, /^安宁同学的户籍地学生入学申请审核未通过。\n原因见审核意见，请登录招生平台查看。\n接下来由教育行政部门统筹安排入学/m],
    ['purchase-review', false, ['purchase-right'], /^安宁同学的购房类学生入学申请审核未通过。\n原因：不符合“父\(母\)在九龙坡区购住房.+”。\n接下来可办理“积分类学生网上入学申请”。/m],
    ['contract-review', true, ['contract-owner'], /^安宁同学的购房入学合同审核未通过。其他途径的入学申请不受影响。\n原因：不符合“.+业主子女”。$/m],
    ['points-review', false, ['points-right'], /^安宁同学的积分类学生入学申请审核未通过。其他途径/m],
  ])('who is refused by %s is told so, why, and what is open next', (phase, local, unmet, words) => {
    expect(textOf(refused(phase, local, unmet).map(({ paper }) => paper))).toMatch(words)
  })

  it('a refusal is told when the notice shows the results of its review, and at once where it names no day', () => {
    const toldAt = (phase: string) => refused(phase, true)[0]?.dueAt
    expect([toldAt('household-review'), toldAt('purchase-review'), toldAt('points-review')]).toEqual([instant('2023-06-18'), instant('2023-06-30'), instant('2023-07-10')])
    expect(toldAt('converted-eligibility')).toBe(instant('2023-06-15'))
  })

  it('who is admitted by points or catchment is told where and until when to report', () => {
    for (const round of ['household-round', 'points-round']) {
      const text = textOf(papersOfPlace(timeline, place({ [round]: 'admitted' }, { held: [{ basis: round, school: 'x' }] })))
      expect(text).toContain('被谢家湾学校录取')
      expect(text).toContain('至2023年7月12日24:00（2023年7月12日24:00整截止）')
      expect(text).toContain('逾期未报到视为放弃。')
    }
  })

  it('who is placed near home is told that it is an adjustment, and who is not that the district arranges', () => {
    const there = papersOfPlace(timeline, place({ 'household-adjusted': 'admitted' }, { held: [{ basis: 'household-adjusted', school: 'x' }] }))
    expect(textOf(there)).toContain('经调剂安排，安宁同学到周边有剩余学位的谢家湾学校就读。')
    const text = textOf(papersOfPlace(timeline, place({ 'household-adjusted': 'not-admitted' })))
    expect(text).toContain('周边学校已无剩余学位')
    expect(text).toContain('接下来由教育行政部门统筹安排入学，自2023年7月13日00:00起办理')
  })

  it.each([
    ['inclusive-class', '安宁同学到谢家湾学校随班就读。'],
    ['home-teaching', '安宁同学的学籍在谢家湾学校，由学校送教上门。'],
  ] as const)('the way %s is told with its school', (way, words) => {
    const seats = { held: [], taken: { basis: 'arrangement', school: 'x', way } }
    expect(textOf(papersOfPlace(timeline, place({ 'disability-arrangement': 'placed' }, seats)))).toContain(words)
  })

  it('a deferral is told with its reason', () => {
    const text = textOf(papersOfEnd(told({ ended: { phase: 'disability-arrangement', reason: '按鉴定意见缓学', way: 'deferral' } })))
    expect(text).toContain('本年度暂不入学')
    expect(text).toContain('原因：按鉴定意见缓学。')
  })

  it.each([
    ['no-application-by-migrant', 'no-application', '未在规定时间内提出入学申请'],
    ['no-seat-for-migrant', 'no-seat-left-for-migrant-child', '剩余学位已安排满额,不再安排流动人口随迁子女入学'],
    ['waived-by-migrant', 'place-waived', '逾期未到校办理报到手续,视为自动放弃入学资格'],
  ])('the end %s is told in the policy’s own words', (phase, reason, words) => {
    const text = textOf(papersOfEnd(told({ ended: { phase, reason } })))
    expect(text).toContain('本次入学申请已办结，未安排学位。')
    expect(text).toContain(`原因：${words}。`)
  })

  it('an end without a closing is told in words, not in the code of its reason', () => {
    const text = textOf(papersOfEnd(told({ end: { kind: 'ended', phase: 'arrangement', reason: 'season-closed-without-seat' } })))
    expect(text).toContain('原因：招生结束时仍未取得学位。')
  })
})

describe('what needs no paper of its own', () => {
  it('an admission of which a notice tells', () => {
    expect(papersOfPlace(changchun, place({ zoning: 'admitted' }, { held: [{ basis: 'zoning', school: 'x' }] }))).toEqual([])
  })

  it('an admission whose seat was given up for another one', () => {
    const both = place({ 'contract-admission': 'admitted', 'points-round': 'admitted' }, { held: [{ basis: 'points-round', school: 'x' }] })
    expect(papersOfPlace(timeline, both).map(({ phase }) => phase)).toEqual(['points-round'])
  })

  it('a missed check-in of a child that still has another seat', () => {
    const outcomes = { zoning: 'admitted', 'private-admission': 'admitted', 'private-check-in': 'missed' }
    expect(papersOfPlace(changchun, place(outcomes, { held: [{ basis: 'zoning', school: 'x' }] }))).toEqual([])
    expect(papersOfPlace(changchun, place(outcomes)).map(({ phase, next }) => [phase, next])).toEqual([['private-check-in', 'arrangement']])
  })

  it('an ordinary seat of a desk, which the letter tells', () => {
    expect(papersOfPlace(timeline, place({ arrangement: 'placed' }, { held: [], taken: { basis: 'arrangement', school: 'x' } }))).toEqual([])
  })

  it('an end with a seat, or of a child that has left', () => {
    expect(papersOfEnd(told({ end: { kind: 'enrolled', route: 'lottery', round: 'converted-draw', school: 'x' } }))).toEqual([])
    expect(papersOfEnd(told({ end: { kind: 'withdrawn', reason: 'died' } }))).toEqual([])
    expect(papersOfEnd(told({ status: 'enrolled' }))).toEqual([])
  })
})
