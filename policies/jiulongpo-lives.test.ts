import { beforeAll, describe, expect, it } from 'vitest'
import { askedAfter, knownAfter, MATCHING, POINTS, told } from './jiulongpo.fixture.js'
import type { KnowableFact } from './knowledge.js'
import { loadPolicy } from './load.js'
import { mayEnter, standing } from './standing.js'
import { effectOf, phaseById, type Timeline } from './timeline.js'

const STAGES = ['jiulongpo-2023-primary', 'jiulongpo-2023-junior']
const timelines = new Map<string, Timeline>()
beforeAll(async () => {
  for (const id of STAGES) timelines.set(id, (await loadPolicy(id)).timeline)
})

/** Forms that anybody may file besides. */
const OPEN_TO_ALL = ['contract-application', 'special-application']
const LOCAL = told.roster({ local: true, graduate: true })
const MIGRANT = told.roster({ local: false, graduate: true })
const household = (values = {}) => told.filed('household-application', 'household', { ...MATCHING, ...values })
const checked = (values = {}): KnowableFact[] => {
  const all = { ...MATCHING, ...values } as typeof MATCHING
  const some = (ids: string[]) => Object.fromEntries(ids.map((id) => [id, all[id]!]))
  return [
    told.case('police-check', 'answered', some(['household.address', 'household.since', 'household.head', 'household.since-birth'])),
    told.case('registry-check', 'answered', some(['property.address', 'property.owner', 'property.parents-own'])),
    told.case('records-check', 'answered', { 'dwelling.last-family': 'none', ...('dwelling.last-family' in all ? some(['dwelling.last-family', 'dwelling.last-admission']) : {}) }),
  ]
}
const reviewed = (values = {}) => [LOCAL, household(values), ...checked(values), told.case('household-review', 'approved')]
const late = (values = {}) => [told.filed('household-late', 'household-late', { ...MATCHING, ...values }), told.case('household-late-review', 'approved')]
const drawing = [LOCAL, household({ route: 'converted' }), told.chosen('converted-choice'), told.case('converted-eligibility', 'approved')]
const buying = [MIGRANT, told.filed('purchase-application', 'purchase', { 'purchase.share': 60, 'purchase.date': '2019-05-01', 'residence.address': 'r', 'residence.since': '2021-02-01' }), told.chosen('purchase-choice')]
const OWNER = [told.filed('contract-application', 'contract', { 'contract.school': 's' }), told.case('contract-review', 'approved', { 'contract.valid': true })]
const scoring = [MIGRANT, told.filed('points-application', 'points', POINTS), told.chosen('points-choice')]

describe.each(STAGES)('a child of %s', (stage) => {
  const asks = (facts: KnowableFact[], after?: string) => askedAfter(timelines.get(stage)!, facts, after)
  const outcomes = (facts: KnowableFact[], after?: string) => knownAfter(timelines.get(stage)!, facts, after).outcomes

  it('with a household in the district is asked for the one household form', () => {
    expect(asks([LOCAL])).toEqual(expect.arrayContaining(['household-application']))
    expect(asks([LOCAL])).not.toContain('purchase-application')
  })

  it('of 三对口 is in the household round, then reports to its school', () => {
    expect(asks(reviewed(), 'household-review')).toEqual(expect.arrayContaining(['household-round']))
    const admitted = [...reviewed(), told.place({ 'household-round': 'admitted' }, { held: 'household-round' })]
    expect(asks(admitted, 'special-admission')).toEqual(['public-check-in'])
    const present = [...reviewed(), told.place({ 'household-round': 'admitted', 'public-check-in': 'present' }, { taken: 'household-round' })]
    expect(asks(present, 'public-check-in')).toEqual([])
  })

  it('that does not match is placed nearby in the adjusted round, and no other', () => {
    const elsewhere = { 'residence.address': 'b' }
    expect(asks(reviewed(elsewhere), 'household-review').filter((id) => id.startsWith('household'))).toEqual(['household-adjusted'])
    const left = [...reviewed(elsewhere), told.place({ 'household-adjusted': 'not-admitted' })]
    expect(asks(left, 'public-check-in')).toEqual(['arrangement'])
  })

  it('in the zone of a crowded school needs 六年一户 and 提前一年 too, else it is placed nearby', () => {
    const crowded = { 'household.address@crowded-zones': true }
    const rounds = (values: object) => asks(reviewed({ ...crowded, ...values }), 'household-review').filter((id) => id.startsWith('household'))
    expect(rounds({})).toEqual(['household-round', 'household-adjusted'])
    expect(rounds({ 'household.since': '2022-09-01' })).toEqual(['household-adjusted'])
    expect(rounds({ 'dwelling.last-family': 'other', 'dwelling.last-admission': '2020-09-01' })).toEqual(['household-adjusted'])
  })

  it('like 三对口 at its grandparents is in the household round', () => {
    const grandparents = { 'household.head': 'grandparent', 'property.owner': 'grandparent', 'property.parents-own': false }
    expect(asks(reviewed(grandparents), 'household-review')).toContain('household-round')
  })

  it('whose review is refused or left undecided goes to arrangement', () => {
    const refused = [LOCAL, household(), told.case('household-review', 'refused')]
    expect(asks(refused, 'household-round')).toContain('arrangement')
    expect(outcomes([LOCAL, household()], 'household-review')).toMatchObject({ 'household-review': 'undecided' })
  })

  it('that misses the application registers late at the zoned school, and takes what the household round left', () => {
    expect(asks([LOCAL], 'household-application')).toContain('household-late')
    expect(asks([LOCAL, ...late()], 'household-late-review')).toEqual(expect.arrayContaining(['household-late-round', 'household-late-adjusted']))
    expect(asks([LOCAL, ...late({ 'residence.address': 'b' })], 'household-late-review').filter((id) => id.startsWith('household'))).toEqual(['household-late-adjusted'])
    expect(asks([LOCAL], 'public-check-in')).toEqual(['arrangement'])
  })

  it('that chose a converted school is in no household round', () => {
    expect(asks([LOCAL, household({ route: 'converted' }), ...checked()], 'household-application')).not.toContain('household-review')
    expect(asks(drawing, 'special-admission')).toContain('converted-draw')
  })

  it('that wins the draw confirms, and that is its seat', () => {
    const won = [...drawing, told.place({ 'converted-draw': 'admitted' }, { held: 'converted-draw' })]
    expect(asks(won, 'converted-draw')).toEqual(['converted-confirmation'])
    const confirmed = [...drawing, told.place({ 'converted-draw': 'admitted', 'converted-confirmation': 'confirmed' }, { taken: 'converted-draw' })]
    expect(asks(confirmed, 'converted-confirmation')).toEqual([])
  })

  it.each<[string, KnowableFact[]]>([
    ['loses the draw', [...drawing, told.place({ 'converted-draw': 'not-admitted' })]],
    ['wins and does not confirm', [...drawing, told.place({ 'converted-draw': 'admitted', 'converted-confirmation': 'missed' })]],
    ['is refused for the draw', [LOCAL, household({ route: 'converted' }), told.chosen('converted-choice'), told.case('converted-eligibility', 'refused')]],
    ['names no converted school', [LOCAL, household({ route: 'converted' })]],
  ])('that %s registers at its zoned school', (_what, facts) => {
    expect(asks(facts, 'converted-confirmation')).toContain('household-late')
    expect(asks([...facts, ...late()], 'household-late-review')).toContain('household-late-round')
  })

  it('of a contract owner comes before special groups and before the draw, and is then in neither', () => {
    const owner = [...drawing, ...OWNER]
    expect(asks(owner, 'contract-review')).toEqual(expect.arrayContaining(['contract-admission']))
    const admitted = [...owner, told.place({ 'contract-admission': 'admitted' }, { held: 'contract-admission' })]
    expect(asks(admitted, 'contract-admission')).toEqual(['converted-check-in'])
    const { timeline } = { timeline: timelines.get(stage)! }
    expect(standing(timeline, 'converted-draw', knownAfter(timeline, admitted))).toMatchObject({ barredBy: { phase: 'contract-admission', outcome: 'admitted' } })
    const beyond = [MIGRANT, ...OWNER, told.place({ 'contract-admission': 'not-admitted' })]
    expect(asks(beyond, 'public-check-in')).toEqual(['arrangement'])
  })

  it('of a special group is admitted by a converted school, or arranged by the district', () => {
    const special = (wants: string) => [MIGRANT, told.filed('special-application', 'special', { 'special.group': 'martyr', 'special.wants': wants, 'special.school': 's' }), told.case('special-review', 'approved')]
    expect(asks(special('converted'), 'special-review')).toContain('special-admission')
    expect(asks(special('arranged'), 'special-review')).not.toContain('special-admission')
    expect(asks(special('arranged'), 'special-admission')).toContain('special-arrangement')
    expect(asks([...special('converted'), told.place({ 'special-admission': 'not-admitted' })], 'special-admission')).toContain('special-arrangement')
    expect(outcomes(special('arranged'), 'special-arrangement')).toMatchObject({ 'special-arrangement': 'overdue' })
    expect(asks(special('arranged'), 'no-choice-by-migrant')).toEqual(['arrangement'])
  })

  it('with a disability is in no round: the district finds its way, and if it does not, the last desk', () => {
    for (const disability of ['mild', 'care', 'severe']) {
      expect(asks(reviewed({ disability }), 'household-review').filter((id) => !OPEN_TO_ALL.includes(id))).toEqual(['disability-arrangement', 'arrangement'])
      expect(asks([LOCAL, ...late({ disability })], 'household-late-review')).toEqual(expect.arrayContaining(['disability-arrangement']))
    }
    expect(outcomes(reviewed({ disability: 'care' }), 'disability-arrangement')).toMatchObject({ 'disability-arrangement': 'overdue' })
    expect(phaseById(timelines.get(stage)!, 'disability-arrangement')).toMatchObject({ ways: ['inclusive-class', 'home-teaching', 'deferral'] })
  })

  it('of migrants with a dwelling is asked for purchase, ranked by its date, and applies by points if that gave nothing', () => {
    expect(asks([MIGRANT]).filter((id) => !OPEN_TO_ALL.includes(id))).toContain('purchase-application')
    const approved = [...buying, told.case('purchase-review', 'approved')]
    expect(asks(approved, 'purchase-review')).toContain('purchase-round')
    const unlucky = [...approved, told.place({ 'purchase-round': 'not-admitted' })]
    expect(asks(unlucky, 'purchase-round')).toContain('points-application')
    const lucky = [...approved, told.place({ 'purchase-round': 'admitted' }, { held: 'purchase-round' })]
    expect(asks(lucky, 'purchase-round')).toEqual(['public-check-in'])
  })

  it('of migrants is ranked by points once every part of them is known', () => {
    const waiting = knownAfter(timelines.get(stage)!, scoring)
    expect(waiting.facts['points.total']).toMatchObject({ known: false })
    expect(mayEnter(timelines.get(stage)!, 'points-round', waiting)).not.toBe('yes')
    const approved = [...scoring, told.case('points-review', 'approved')]
    expect(knownAfter(timelines.get(stage)!, approved).facts['points.total']).toEqual({ value: 19 + 27 + 5, source: 'sum', known: true })
    expect(asks(approved, 'points-review')).toContain('points-round')
    const { 'work.insured-months': _unstated, ...rest } = POINTS
    expect(asks([MIGRANT, told.filed('points-application', 'points', rest), told.chosen('points-choice'), told.case('points-review', 'approved')], 'points-review')).not.toContain('points-round')
  })

  it('with a seat at a converted school keeps it, and is in neither purchase nor points', () => {
    const seated = told.place({ 'contract-admission': 'admitted', 'converted-check-in': 'present' }, { taken: 'contract-admission' })
    const owner = [...OWNER, seated, told.case('purchase-review', 'approved')]
    expect(asks([...buying, ...owner], 'purchase-review')).toEqual([])
    expect(asks([...scoring, ...owner, told.case('points-review', 'approved')], 'points-review')).toEqual([])
  })

  it.each<[string, KnowableFact[]]>([
    ['an owner', OWNER],
    ['a special group', [told.filed('special-application', 'special', { 'special.group': 'martyr', 'special.wants': 'arranged', 'special.school': 's' }), told.case('special-review', 'approved')]],
  ])('of migrants to whom a place is owed, %s that was admitted by purchase and does not report, goes to arrangement', (_what, owed) => {
    const absent = [...buying, ...owed, told.case('purchase-review', 'approved'), told.place({ 'purchase-round': 'admitted', 'public-check-in': 'missed' })]
    expect(asks(absent, 'no-choice-by-migrant')).toEqual(['arrangement'])
    expect(asks(absent, 'public-check-in').filter((id) => phaseById(timelines.get(stage)!, id).kind === 'closing')).toEqual([])
  })

  it.each<[string, KnowableFact[], string]>([
    ['never applied', [MIGRANT], 'no-application-by-migrant'],
    ['found no seat by points', [...scoring, told.case('points-review', 'approved'), told.place({ 'points-round': 'not-admitted' })], 'no-seat-for-migrant'],
    ['found no seat by purchase and was refused by points', [...buying, told.case('purchase-review', 'approved'), ...scoring.slice(1), told.case('points-review', 'refused'), told.place({ 'purchase-round': 'not-admitted' })], 'no-seat-for-migrant'],
    ['was refused by purchase', [...buying, told.case('purchase-review', 'refused')], 'not-eligible-migrant'],
    ['was refused by points', [...scoring, told.case('points-review', 'refused')], 'not-eligible-migrant'],
    ['was refused as an owner and never applied else', [MIGRANT, OWNER[0]!, told.case('contract-review', 'refused')], 'not-eligible-migrant'],
    ['was left undecided', buying, 'undecided-for-migrant'],
    ['named no school', [MIGRANT, buying[1]!], 'no-choice-by-migrant'],
    ['did not report', [...buying, told.case('purchase-review', 'approved'), told.place({ 'purchase-round': 'admitted', 'public-check-in': 'missed' })], 'waived-by-migrant'],
  ])('of migrants that %s ends with its reason', (_what, facts, closing) => {
    expect(asks(facts, 'public-check-in')[0]).toBe(closing)
    const ended = [...facts.filter(({ aggregate }) => aggregate !== 'place'), told.place({ ...facts.find(({ aggregate }) => aggregate === 'place')?.outcomes, [closing]: 'closed' })]
    expect(asks(ended, 'public-check-in')).toEqual([])
  })

  it('of the district that does not report has waived the place, not its schooling', () => {
    const absent = [...reviewed(), told.place({ 'household-round': 'admitted', 'public-check-in': 'missed' })]
    expect(asks(absent, 'public-check-in')).toEqual(['arrangement'])
    expect(effectOf(phaseById(timelines.get(stage)!, 'arrangement'), 'overdue')).toEqual({})
  })
})

describe('a child of jiulongpo-2023-junior', () => {
  it('that is no graduate is none of this season', () => {
    expect(askedAfter(timelines.get('jiulongpo-2023-junior')!, [told.roster({ local: true, graduate: false })])).toEqual([])
  })

  it('of 小语种 is admitted by a converted school or ends like others without a seat', () => {
    const asks = (facts: KnowableFact[], after: string) => askedAfter(timelines.get('jiulongpo-2023-junior')!, facts, after)
    const speaks = (wants: string) => [MIGRANT, told.filed('special-application', 'special', { 'special.group': 'small-language', 'special.wants': wants, 'special.school': 's' }), told.case('special-review', 'approved')]
    for (const wants of ['converted', 'arranged']) expect(asks(speaks(wants), 'special-review')).toContain('special-admission')
    const beyond = [...speaks('converted'), told.place({ 'special-admission': 'not-admitted' })]
    expect(asks(beyond, 'special-admission')).not.toContain('special-arrangement')
    expect(asks(beyond, 'public-check-in')[0]).toBe('no-seat-for-migrant')
    const absent = [...speaks('converted'), told.place({ 'special-admission': 'admitted', 'converted-check-in': 'missed' })]
    expect(asks(absent, 'public-check-in')[0]).toBe('waived-by-migrant')
    expect(asks([LOCAL, ...beyond.slice(1)], 'no-choice-by-migrant')).toEqual(['arrangement'])
  })

  it('chooses one of the converted schools only', () => {
    expect(phaseById(timelines.get('jiulongpo-2023-junior')!, 'converted-choice')).toMatchObject({ among: ['converted'], choose: 1 })
  })
})
