import { beforeAll, describe, expect, it } from 'vitest'
import { loadPolicy } from '../../../policies/load.js'
import type { Timeline } from '../../../policies/timeline.js'
import { changchun, filedFact, review, rosterFact, SAME_ADDRESSES } from './case.fixture.js'
import { placeKey } from './place.js'

describe('who reviews a case', () => {
  let timeline: Timeline
  beforeAll(async () => { timeline = await changchun() })

  it('is found by the zone of the address that places the child', () => {
    expect(placeKey(timeline, review(timeline), [rosterFact(), filedFact()])).toEqual({ zone: 'z1' })
  })

  it('is the district where the address lies in no zone', () => {
    expect(placeKey(timeline, review(timeline), [rosterFact(), filedFact(SAME_ADDRESSES, null)])).toEqual({ district: 'nanguan' })
  })

  it('is the school that the policy’s fact names', () => {
    const facts = [rosterFact({ stage: 'junior', 'own.school': 's7' }), filedFact()]
    expect(placeKey(timeline, review(timeline, 'own-school-review'), facts)).toEqual({ school: 's7' })
  })

  it('is found by the address the review names, as the form filed last has it', async () => {
    const { timeline: jiulongpo } = await loadPolicy('jiulongpo-2023-primary')
    const filed = (id: string, phase: string, zone: string) => ({ ...filedFact(), id, outcomes: { [phase]: 'filed' }, zones: { 'residence.address': zone } })
    const purchase = { ...filed('purchase', 'purchase-application', 'z2'), revision: 5 }
    expect(placeKey(jiulongpo, review(jiulongpo, 'purchase-review'), [rosterFact({ local: false }), purchase])).toEqual({ zone: 'z2' })
    const points = filed('points', 'points-application', 'z3')
    expect(placeKey(jiulongpo, review(jiulongpo, 'points-review'), [rosterFact({ local: false }), points, purchase])).toEqual({ zone: 'z3' })
  })
})
