import { describe, expect, it } from 'vitest'
import { evaluate, evaluateRule, inGroup, truthOf } from './conditions.js'
import { placeFactOf } from './places.js'
import type { Knowledge } from './knowledge.js'
import type { Cond, FactValue } from './language.js'
import { compiled, townWith } from './policy.fixture.js'
import { allOf, anyOf, negate, testValue, type Truth } from './truth.js'

const TRUTHS: Truth[] = ['true', 'unknown', 'false']
const { timeline } = compiled(townWith(['groups:', `places:
  old-town: { label: Old Town, addresses: from-registry }
groups:`], ['rules:\n', `rules:
  not-out-of-town:
    needs: { not: { lives-here: unmet } }
    says: not known to live elsewhere
  in-old-town:
    needs: { home.address: { in: old-town } }
    says: lives in the old town
`]))

function knowing(facts: Record<string, FactValue>, more: Partial<Knowledge> = {}): Knowledge {
  const stated = Object.fromEntries(Object.entries(facts).map(([id, value]) => [id, { value, source: 'declared' as const, known: true }]))
  return { facts: stated, forms: {}, outcomes: {}, seat: 'none', held: [], withdrawn: false, ...more }
}

describe("Kleene's tables", () => {
  it.each([
    ['true', ['true', 'unknown', 'false']],
    ['unknown', ['unknown', 'unknown', 'false']],
    ['false', ['false', 'false', 'false']],
  ] as [Truth, Truth[]][])('%s and true, unknown, false', (left, row) => {
    expect(TRUTHS.map((right) => allOf([left, right]))).toEqual(row)
  })

  it.each([
    ['true', ['true', 'true', 'true']],
    ['unknown', ['true', 'unknown', 'unknown']],
    ['false', ['true', 'unknown', 'false']],
  ] as [Truth, Truth[]][])('%s or true, unknown, false', (left, row) => {
    expect(TRUTHS.map((right) => anyOf([left, right]))).toEqual(row)
  })

  it('leaves the unknown unknown when it negates', () => {
    expect(TRUTHS.map(negate)).toEqual(['false', 'unknown', 'true'])
  })
})

describe('tests of a value', () => {
  it.each([
    [{ by: '2029-08-31' }, '2029-08-31', 'true'],
    [{ by: '2029-08-31' }, '2029-09-01', 'false'],
    [{ after: '2029-08-31' }, '2029-08-31', 'false'],
    [{ after: '2029-08-31' }, '2029-09-01', 'true'],
    [{ atLeast: 51 }, 51, 'true'],
    [{ atLeast: 51 }, 50.9, 'false'],
    [{ above: 51 }, 51, 'false'],
    [{ above: 16, atLeast: 17 }, 17, 'true'],
    [{ is: ['primary', 'junior'] }, 'junior', 'true'],
    [{ is: [false] }, true, 'false'],
    [{ atLeast: 51 }, undefined, 'unknown'],
  ] as const)('%j of %j is %s', (test, value, expected) => {
    expect(testValue(test as Parameters<typeof testValue>[0], value)).toBe(expected)
  })
})

describe('conditions on facts', () => {
  const same: Cond = { op: 'same', facts: ['home.address', 'papers.address'] }

  it('finds addresses the same only when all are known and equal', () => {
    expect(truthOf(same, knowing({ 'home.address': 'a', 'papers.address': 'a' }), timeline)).toBe('true')
    expect(truthOf(same, knowing({ 'home.address': 'a' }), timeline)).toBe('unknown')
  })

  it('finds addresses different as soon as two known ones differ', () => {
    const three: Cond = { op: 'same', facts: ['home.address', 'papers.address', 'home.since'] }
    expect(truthOf(three, knowing({ 'home.address': 'a', 'papers.address': 'b' }), timeline)).toBe('false')
  })

  it('never takes a value that is declared but not confirmed', () => {
    const knowledge = knowing({ 'papers.address': 'a' })
    knowledge.facts['home.address'] = { value: 'a', source: 'declared', known: false }
    expect(truthOf(same, knowledge, timeline)).toBe('unknown')
  })

  it('places an opaque address by what the registry says of it', () => {
    const inOldTown = (facts: Record<string, FactValue>) => evaluateRule('in-old-town', knowing(facts), timeline).value
    expect(inOldTown({ 'home.address': 'a' })).toBe('unknown')
    expect(inOldTown({ 'home.address': 'a', [placeFactOf('home.address', 'old-town')]: true })).toBe('met')
    expect(inOldTown({ 'home.address': 'a', [placeFactOf('home.address', 'old-town')]: false })).toBe('unmet')
  })
})

describe('conditions on rules', () => {
  it('does not let a denial of an unknown rule pass', () => {
    expect(evaluateRule('not-out-of-town', knowing({}), timeline).value).toBe('unknown')
    expect(truthOf({ op: 'rule', rule: 'lives-here', is: ['unmet'] }, knowing({}), timeline)).toBe('unknown')
  })

  it('lets a condition ask for the unknown itself', () => {
    expect(truthOf({ op: 'rule', rule: 'lives-here', is: ['unknown'] }, knowing({}), timeline)).toBe('true')
    expect(truthOf({ op: 'rule', rule: 'lives-here', is: ['met', 'unknown'] }, knowing({ 'home.since': '2030-01-01' }), timeline)).toBe('false')
  })
})

describe('conditions on outcomes, forms and seats', () => {
  const approved: Cond = { op: 'outcome', phase: 'review', is: ['approved'] }

  it('takes what is not there as not having happened, or as perhaps on its way', () => {
    expect(truthOf(approved, knowing({}), timeline)).toBe('false')
    expect(truthOf(approved, knowing({}), timeline, { absent: 'pending' })).toBe('unknown')
    expect(truthOf(approved, knowing({}, { outcomes: { review: 'refused' } }), timeline, { absent: 'pending' })).toBe('false')
    expect(truthOf({ op: 'form', form: 'enrolment', is: 'filed' }, knowing({}), timeline, { absent: 'pending' })).toBe('unknown')
    expect(truthOf({ op: 'form', form: 'enrolment', is: 'missed' }, knowing({}), timeline)).toBe('true')
    expect(truthOf({ op: 'seat', is: ['none'] }, knowing({}), timeline)).toBe('true')
  })
})

describe('schools', () => {
  it('belong to a group by their attributes, and to none without them', () => {
    expect(inGroup(timeline, 'public', { type: 'public' })).toBe(true)
    expect(inGroup(timeline, 'public', { type: 'private' })).toBe(false)
    expect(inGroup(timeline, 'public', {})).toBe(false)
    expect(inGroup(timeline, 'boarding', { type: 'public' })).toBe(false)
  })
})

describe('an explanation', () => {
  it('names facts, values, sources and thresholds down the tree of a rule', () => {
    const { value, tree } = evaluate({ op: 'rule', rule: 'lives-here', is: ['met'] }, knowing({ 'home.address': 'a', 'papers.address': 'b', 'home.since': '2029-08-31' }), timeline)
    expect(value).toBe('false')
    expect(tree).toEqual({
      test: 'rule lives-here is met', value: 'false', rule: { id: 'lives-here', says: 'lives where the papers say, for a year' },
      parts: [{
        test: 'all of these', value: 'false', parts: [
          { test: 'home.address, papers.address are the same', value: 'false', facts: [
            { fact: 'home.address', value: 'a', source: 'declared', known: true },
            { fact: 'papers.address', value: 'b', source: 'declared', known: true },
          ] },
          { test: 'home.since is no later than 2029-08-31', value: 'true', facts: [{ fact: 'home.since', value: '2029-08-31', source: 'declared', known: true }] },
        ],
      }],
    })
  })

  it('is plain JSON', () => {
    const { tree } = evaluate({ op: 'not', of: { op: 'seat', is: ['held', 'taken'] } }, knowing({}), timeline)
    expect(JSON.parse(JSON.stringify(tree))).toEqual(tree)
  })
})
