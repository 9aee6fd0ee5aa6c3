import { beforeAll, describe, expect, it } from 'vitest'
import { MATCHING, POINTS, told } from '../../../policies/jiulongpo.fixture.js'
import { loadPolicy } from '../../../policies/load.js'
import { phaseById, type Timeline } from '../../../policies/timeline.js'
import { keyFaults } from './keys.js'
import type { Keys, Rule, UnitRow } from './rounds.js'

let timeline: Timeline
beforeAll(async () => { timeline = (await loadPolicy('jiulongpo-2023-junior')).timeline })

const LOCAL = [told.filed('household-application', 'household', MATCHING), told.case('household-review', 'approved')]
const MIGRANT = [
  told.filed('purchase-application', 'purchase', { 'purchase.share': 60, 'purchase.date': '2019-05-01' }), told.case('purchase-review', 'approved'),
  told.filed('points-application', 'points', POINTS), told.case('points-review', 'approved'),
]
const faults = (round: string, keys: Keys, facts = round === 'household-round' ? LOCAL : MIGRANT) => {
  const phase = phaseById(timeline, round)
  return keyFaults(timeline, { order: phase.kind === 'round' ? phase.order : [], lastSeat: 'skip' }, [{ unit: 'c', members: ['c'], schools: ['s'], keys: { c: keys } }], () => facts).map(({ key }) => key)
}

describe('the keys of a frozen list', () => {
  it.each<[string, Keys]>([
    ['household-round', { 'three-match.unmet': 0, 'like-three-match.unmet': 1 }],
    ['purchase-round', { 'purchase.date.unknown': 0, 'purchase.date': '2019-05-01' }],
    ['points-round', { 'points.total.unknown': 0, 'points.total.hundredths': 5_100 }],
  ])('of %s are those that the facts give', (round, keys) => {
    expect(faults(round, keys)).toEqual([])
  })

  it('are those of a fact that nobody has confirmed, and of a number with a fraction', () => {
    expect(faults('purchase-round', { 'purchase.date.unknown': 1, 'purchase.date': '0000-00-00' }, LOCAL)).toEqual([])
    expect(faults('points-round', { 'points.total.unknown': 1, 'points.total.hundredths': 0 }, LOCAL)).toEqual([])
    const half = [told.filed('points-application', 'points', { ...POINTS, 'work.insured-months': 10.5 }), told.case('points-review', 'approved')]
    expect(faults('points-round', { 'points.total.unknown': 0, 'points.total.hundredths': 3_450 }, half)).toEqual([])
  })

  it.each<[string, Keys, string[]]>([
    ['household-round', { 'three-match.unmet': 0, 'like-three-match.unmet': 0 }, ['like-three-match.unmet']],
    ['purchase-round', { 'purchase.date.unknown': 0, 'purchase.date': '2012-05-01' }, ['purchase.date']],
    ['points-round', { 'points.total.unknown': 1, 'points.total.hundredths': 0 }, ['points.total.unknown', 'points.total.hundredths']],
    ['points-round', { 'points.total.unknown': 0, 'points.total.hundredths': 5_100, 'points.extra': 9 }, ['points.extra']],
  ])('of %s are found out where they are others', (round, keys, wrong) => {
    expect(faults(round, keys)).toEqual(wrong)
  })
})

describe('the order of registration of twins', () => {
  const unit = { id: 'u', members: ['c', 'd'] }
  const filed = (registeredAt?: string) => [{ ...LOCAL[0]!, unit, ...(registeredAt !== undefined && { registeredAt }) }]
  const kept = (of: string[], keys: UnitRow['keys'], dates: Record<string, string | undefined>, lastSeat: Rule['lastSeat'] = 'split') =>
    keyFaults(timeline, { order: [], lastSeat }, [{ unit: of.length > 1 ? 'u' : of[0]!, members: of, schools: [], keys }], (child) => filed(dates[child]))
  const [early, late] = ['2023-06-01T00:00:00.000Z', '2023-06-02T00:00:00.000Z']

  it('is that of their forms, where the last seat asks for it and both say it', () => {
    expect(kept(['c', 'd'], { c: { registeredAt: late }, d: { registeredAt: early } }, { c: late, d: early })).toEqual([])
    expect(kept(['c', 'd'], null, { c: late })).toEqual([])
    expect(kept(['c', 'd'], null, { c: late, d: early }, 'skip')).toEqual([])
    expect(kept(['c'], null, { c: late })).toEqual([])
  })

  it('is found out where it is another', () => {
    expect(kept(['c', 'd'], { c: { registeredAt: early }, d: { registeredAt: late } }, { c: late, d: early })).toEqual([{ child: 'c', key: 'registeredAt' }, { child: 'd', key: 'registeredAt' }])
    expect(kept(['c', 'd'], null, { c: late, d: early })).toHaveLength(2)
    expect(kept(['c', 'd'], { c: { registeredAt: late }, d: { registeredAt: early } }, { c: late, d: early }, 'skip')).toHaveLength(2)
  })
})
