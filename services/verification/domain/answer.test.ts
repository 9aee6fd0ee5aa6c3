import { beforeAll, describe, expect, it } from 'vitest'
import type { FactValue } from '../../../contracts/facts.js'
import { loadPolicy } from '../../../policies/load.js'
import type { Timeline } from '../../../policies/timeline.js'
import { progressOf, replyOf, UnfitAnswer, type FactAnswer, type Reply } from './answer.js'
import { filedFact, rosterFact } from './case.fixture.js'

const ASKED = ['household.address', 'household.since', 'household.head']
const DECLARED = { 'household.address': 'a1', 'household.address@crowded-zones': true, 'household.since': '2017-03-01', 'household.head': 'parent' }
const FACTS = [rosterFact({ local: true }), { ...filedFact(DECLARED), outcomes: { 'household-application': 'filed' } }]
const value = (given: FactValue): FactAnswer => ({ says: 'value', value: given })
const answers = (over: Record<string, FactAnswer> = {}) => ({ 'household.address': value('confirmed'), 'household.since': value('confirmed'), 'household.head': value('parent'), ...over })

describe('an answer of an authority', () => {
  let timeline: Timeline
  beforeAll(async () => { timeline = (await loadPolicy('jiulongpo-2023-primary')).timeline })
  const read = (given: Record<string, FactAnswer>) => replyOf(timeline, ASKED, FACTS, given)
  const progress = (replies: (Reply | null)[]) => progressOf(timeline, ASKED, replies, FACTS)

  it('states values of the facts’ types, a confirmed one as declared with the places of its address', () => {
    expect(read(answers({ 'household.since': value('2018-01-01') }))).toEqual({ facts: { ...DECLARED, 'household.since': '2018-01-01' }, none: [] })
  })

  it('states another address as a token that equals nothing and lies nowhere known', () => {
    const { facts } = read(answers({ 'household.address': value('differs') }))
    expect(facts['household.address']).toMatch(/^differs:/)
    expect(facts).not.toHaveProperty('household.address@crowded-zones')
    expect(facts).not.toEqual(read(answers({ 'household.address': value('differs') })).facts)
  })

  it.each<[string, Record<string, FactAnswer>]>([
    ['of another type', { 'household.since': value(2017) }],
    ['not among a one-of’s', { 'household.head': value('uncle') }],
    ['that is an address in clear', { 'household.address': value('东街7号') }],
    ['nobody asked for', { 'property.owner': value('guardian') }],
  ])('is unfit with a value %s', (_what, over) => {
    expect(() => read(answers(over))).toThrow(UnfitAnswer)
  })

  it('is unfit without a word on each fact, and where it confirms what nobody declared', () => {
    const { 'household.head': _head, ...rest } = answers()
    expect(() => read(rest)).toThrow(UnfitAnswer)
    expect(() => replyOf(timeline, ASKED, [rosterFact({ local: true })], answers())).toThrow(UnfitAnswer)
  })

  it('answers a check once each fact has a value or is said to have none', () => {
    expect(progress([null]).state).toBe('asked')
    expect(progress([read(answers())])).toEqual({ state: 'answered', facts: DECLARED, none: [] })
    expect(progress([read(answers({ 'household.since': { says: 'none' } }))])).toMatchObject({ state: 'answered', none: ['household.since'] })
  })

  it('counts like silence where it does not know a fact, and states the others', () => {
    expect(progress([read(answers({ 'household.since': { says: 'unknown' } }))])).toMatchObject({ state: 'silent', facts: { 'household.head': 'parent' } })
    expect(progress([read(answers({ 'household.since': { says: 'unknown' } })), null]).state).toBe('asked')
  })

  it('outweighs another authority’s where it contradicts the family', () => {
    const both = [read(answers()), read(answers({ 'household.address': value('differs') }))]
    for (const replies of [both, both.toReversed()]) {
      expect(progress(replies).facts['household.address']).toMatch(/^differs:/)
      expect(progress(replies).facts).not.toHaveProperty('household.address@crowded-zones')
    }
  })
})
