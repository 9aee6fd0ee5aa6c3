import { beforeAll, describe, expect, it } from 'vitest'
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
})
