import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldKnowledge, hasSeatOf, knownValue, mergeFact, type KnowableFact } from './knowledge.js'
import { compiled, TOWN, townWith } from './policy.fixture.js'

const { timeline } = compiled(TOWN)

const declared: KnowableFact = {
  aggregate: 'registration', id: 'enrolment', revision: 1, outcomes: { register: 'filed' },
  facts: { 'home.address': 'a', 'papers.address': 'a', 'home.since': '2020-01-01' },
}
const answered = (address: string): KnowableFact => ({
  aggregate: 'case', id: 'address-check', revision: 2, outcomes: { 'address-check': 'answered' }, facts: { 'home.address': address },
})
const reviewed = (outcome: string, address?: string): KnowableFact => ({
  aggregate: 'case', id: 'review', revision: 3, outcomes: { review: outcome }, ...(address ? { facts: { 'home.address': address } } : {}),
})

describe('what is known of a child', () => {
  it('takes the highest revision of each aggregate', () => {
    const amended = { ...declared, revision: 2, facts: { ...declared.facts, 'papers.address': 'b' } }
    expect(knownValue(foldKnowledge(timeline, [amended, declared]), 'papers.address')).toBe('b')
  })

  it('files a form through any phase that files it', () => {
    expect(foldKnowledge(timeline, [declared]).forms).toEqual({ enrolment: 'filed' })
    expect(foldKnowledge(timeline, []).forms).toEqual({})
  })

  it('leaves what an authority answers unknown while it is only declared', () => {
    const { facts } = foldKnowledge(timeline, [declared])
    expect(facts['home.address']).toEqual({ value: 'a', source: 'declared', known: false })
    expect(facts['papers.address']).toEqual({ value: 'a', source: 'declared', known: true })
  })

  it("knows an authority's answer, a mismatch too", () => {
    expect(foldKnowledge(timeline, [declared, answered('b')]).facts['home.address']).toEqual({ value: 'b', source: 'authority', known: true })
  })

  it('leaves a fact unknown when the authority is silent, until a review decides', () => {
    const silent: KnowableFact = { aggregate: 'case', id: 'address-check', revision: 2, outcomes: { 'address-check': 'silent' } }
    expect(knownValue(foldKnowledge(timeline, [declared, silent]), 'home.address')).toBeUndefined()
    expect(knownValue(foldKnowledge(timeline, [declared, silent, reviewed('undecided')]), 'home.address')).toBeUndefined()
    expect(knownValue(foldKnowledge(timeline, [declared, silent, reviewed('approved')]), 'home.address')).toBe('a')
  })

  it('knows no value that an authority says there is none of, whatever the family declared, until a review finds one', () => {
    const none: KnowableFact = { aggregate: 'case', id: 'address-check', revision: 2, outcomes: { 'address-check': 'answered' }, none: ['home.address'] }
    expect(foldKnowledge(timeline, [declared, none]).facts['home.address']).toBeUndefined()
    expect(knownValue(foldKnowledge(timeline, [declared, none, reviewed('approved', 'c')]), 'home.address')).toBe('c')
  })

  it('weighs the places of an address like the address', () => {
    const place = { 'home.address@old-town': true }
    const moved: KnowableFact = { ...answered('b'), none: ['home.address@old-town'] }
    const inTown = (facts: KnowableFact[]) => foldKnowledge(timeline, facts).facts['home.address@old-town']
    const filed = { ...declared, facts: { ...declared.facts, ...place } }
    expect(inTown([filed])).toEqual({ value: true, source: 'declared', known: false })
    expect(inTown([filed, moved])).toBeUndefined()
    expect(inTown([filed, moved, { ...reviewed('approved', 'c'), facts: { 'home.address': 'c', ...place } }])).toEqual({ value: true, source: 'finding', known: true })
  })

  it("puts a review's finding before the authority's answer, and that before the declaration", () => {
    expect(foldKnowledge(timeline, [declared, answered('b'), reviewed('approved', 'c')]).facts['home.address'])
      .toEqual({ value: 'c', source: 'finding', known: true })
  })

  it('puts the roster before what a family declares', () => {
    const roster: KnowableFact = { aggregate: 'roster', id: 'roster', revision: 1, facts: { stage: 'junior' } }
    const claims = { ...declared, facts: { ...declared.facts, stage: 'primary' } }
    expect(foldKnowledge(timeline, [claims, roster]).facts['stage']).toEqual({ value: 'junior', source: 'roster', known: true })
  })

  it('prefers an outcome that happened to one that silence gave', () => {
    const late: KnowableFact = { aggregate: 'choice', id: 'x', revision: 9, outcomes: { 'check-in': 'missed' } }
    const came: KnowableFact = { aggregate: 'place', id: 'place', revision: 1, outcomes: { 'check-in': 'present' } }
    expect(foldKnowledge(timeline, [late, came]).outcomes).toEqual({ 'check-in': 'present' })
  })

  it('knows the seats from the snapshot of the place', () => {
    const held: KnowableFact = { aggregate: 'place', id: 'place', revision: 1, seats: { held: [{ basis: 'seats', school: 's1' }] } }
    const taken: KnowableFact = { aggregate: 'place', id: 'place', revision: 2, seats: { held: [], taken: { basis: 'seats', school: 's1' } } }
    expect(foldKnowledge(timeline, [held])).toMatchObject({ seat: 'held', held: [{ basis: 'seats' }] })
    expect(foldKnowledge(timeline, [taken, held])).toMatchObject({ seat: 'taken', taken: { school: 's1' }, held: [] })
    expect(hasSeatOf(foldKnowledge(timeline, [taken]), 'seats')).toBe(true)
    expect(foldKnowledge(timeline, []).seat).toBe('none')
  })

  it('knows that a child has left', () => {
    expect(foldKnowledge(timeline, [{ aggregate: 'withdrawal', id: 'withdrawal', revision: 1 }]).withdrawn).toBe(true)
  })

  it('ignores outcomes of phases that the policy does not have', () => {
    expect(foldKnowledge(timeline, [{ ...declared, outcomes: { elsewhere: 'filed' } }]).outcomes).toEqual({})
  })

  it('adds up numbers, known only when all of them are', () => {
    const points = compiled(townWith(['rules:\n', `  points.work:  { type: number }
  points.house: { type: number }
  points:       { type: number, sum: [points.work, points.house] }

rules:
`], ['stage]\n', 'stage, points.work]\n'], ['answers: [home.address]', 'answers: [home.address, points.house]'])).timeline
    const work = { ...declared, facts: { ...declared.facts, 'points.work': 30, 'points.house': 12 } }
    expect(foldKnowledge(points, [work]).facts['points']).toEqual({ value: 42, source: 'sum', known: false })
    expect(foldKnowledge(points, [work, answered('a')]).facts['points']).toEqual({ value: 42, source: 'sum', known: true })
    expect(foldKnowledge(points, [declared]).facts['points']).toBeUndefined()
  })
})

const address = fc.constantFrom('a', 'b', 'c')
const outcomeOf = { register: ['filed'], 'address-check': ['answered', 'silent'], review: ['approved', 'refused'], seats: ['admitted', 'not-admitted'], 'check-in': ['present', 'missed'] }
const history = fc.uniqueArray(
  fc.record({
    aggregate: fc.constantFrom('roster', 'registration', 'case', 'place', 'withdrawal' as const),
    id: fc.constantFrom('one', 'review', 'address-check'),
    revision: fc.integer({ min: 1, max: 5 }),
    facts: fc.dictionary(fc.constantFrom('home.address', 'papers.address', 'home.since', 'stage'), address),
    outcomes: fc.record(Object.fromEntries(Object.entries(outcomeOf).map(([phase, outcomes]) => [phase, fc.constantFrom(...outcomes)])), { requiredKeys: [] }),
    seats: fc.record({ held: fc.array(fc.record({ basis: fc.constantFrom('seats', 'junior-seats'), school: address }), { maxLength: 2 }) }),
  }),
  { selector: (fact) => `${fact.aggregate}/${fact.id}/${fact.revision}`, maxLength: 8 },
)

describe('folding facts', () => {
  it('gives the same knowledge whatever the order and the repetitions', () => {
    const arrivals = history.chain((facts) => fc.tuple(
      fc.constant(facts),
      fc.shuffledSubarray(facts, { minLength: facts.length }).chain((once) => fc.shuffledSubarray(facts).map((again) => [...once, ...again, ...once])),
    ))
    fc.assert(fc.property(arrivals, ([facts, arrived]) => {
      expect(foldKnowledge(timeline, arrived as KnowableFact[])).toEqual(foldKnowledge(timeline, facts as KnowableFact[]))
    }))
  })

  it('gives the same knowledge whether facts are merged one by one or folded at once', () => {
    fc.assert(fc.property(history, (facts) => {
      const merged = (facts as KnowableFact[]).reduce<readonly KnowableFact[]>(mergeFact, [])
      expect(foldKnowledge(timeline, merged)).toEqual(foldKnowledge(timeline, facts as KnowableFact[]))
    }))
  })

  it('tells by identity that a fact was no news', () => {
    const newest = mergeFact([], declared)
    expect(mergeFact(newest, declared)).toBe(newest)
    expect(mergeFact(newest, { ...declared, revision: 2 })).not.toBe(newest)
  })
})
