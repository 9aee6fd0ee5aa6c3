import { describe, expect, it } from 'vitest'
import { checkPolicy } from './check/index.js'
import { readsOfPhase } from './dependents.js'
import { explainCounted } from './explain-counted.js'
import { foldKnowledge, type KnowableFact } from './knowledge.js'
import { parsePolicy } from './parse.js'
import { compiled, lineOf, TOWN_WITH_POINTS } from './policy.fixture.js'

const withTable = (...changes: [string, string][]): string => changes.reduce(
  (text, [find, replace]) => {
    expect(text).toContain(find)
    return text.replace(find, () => replace)
  },
  TOWN_WITH_POINTS,
)
const filed = (facts: Record<string, string | number | boolean>): KnowableFact => ({ aggregate: 'registration', id: 'enrolment', revision: 1, facts, outcomes: { register: 'filed' } })
const answered = (months: number): KnowableFact => ({ aggregate: 'case', id: 'address-check', revision: 1, facts: { months }, outcomes: { 'address-check': 'answered' } })

describe('a table of points', () => {
  const { timeline, ...rest } = compiled(withTable())
  const countedFrom = (...facts: KnowableFact[]) => foldKnowledge(timeline, facts).facts['points.home']

  it('adds up its rows, each and all of them up to their caps', () => {
    const all = filed({ tenure: 'rent', honour: true })
    expect(countedFrom(all, answered(4))).toEqual({ value: 23, source: 'table', known: true })
    expect(countedFrom(all, answered(90))).toEqual({ value: 40, source: 'table', known: true })
    expect(countedFrom(filed({ tenure: 'other', honour: false }), answered(90))).toEqual({ value: 30, source: 'table', known: true })
  })

  it('is unknown as long as one part is: only declared, or not stated at all', () => {
    expect(countedFrom(filed({ months: 4, tenure: 'rent', honour: true }))).toEqual({ value: 23, source: 'table', known: false })
    expect(countedFrom(filed({ tenure: 'rent' }), answered(4))).toBeUndefined()
  })

  it('is part of a sum', () => {
    expect(foldKnowledge(timeline, [filed({ tenure: 'own', honour: false }), answered(1)]).facts['points']).toEqual({ value: 22, source: 'sum', known: true })
  })

  it('is explained row by row', () => {
    const [home, sum] = explainCounted(timeline, foldKnowledge(timeline, [filed({ months: 90, tenure: 'rent' })]))
    expect(home).toEqual({
      fact: 'points.home', says: 'points for living here', atMost: 40,
      parts: [
        { fact: 'months', value: 90, source: 'declared', known: false, says: 'two a month', atMost: 30, points: 30 },
        { fact: 'tenure', value: 'rent', source: 'declared', known: true, says: 'by the dwelling', points: 10 },
        { fact: 'honour', known: false, says: 'an honour' },
      ],
    })
    expect(sum).toEqual({ fact: 'points', parts: [{ fact: 'points.home', known: false }] })
  })

  it('is settled with its parts by a review that rests on it', () => {
    expect(timeline.facts['months']).toMatchObject({ answeredBy: ['address-check'], settledBy: ['review'] })
    const approved: KnowableFact = { aggregate: 'case', id: 'review', revision: 1, outcomes: { review: 'approved' } }
    expect(countedFrom(filed({ months: 4, tenure: 'rent', honour: true }), approved)).toMatchObject({ known: true })
  })

  it('is read, with its parts, by whoever reads the sum: they must be there first', () => {
    const review = timeline.phases.find(({ id }) => id === 'review')!
    expect([...readsOfPhase(timeline, review).facts]).toEqual(expect.arrayContaining(['points', 'points.home', 'months', 'tenure', 'honour']))
  })

  it('passes the check, whose children are known by the parts', () => {
    expect(checkPolicy({ timeline, ...rest }).faults).toEqual([])
  })

  it.each<[string, [string, string], string, RegExp]>([
    ['a row for a fact that does not exist', ['fact: honour,', 'fact: honor,'], 'fact: honor', /honor is no fact/],
    ['a row each of what is no number', ['fact: honour, points: 5', 'fact: honour, each: 5'], '- { fact: honour', /honour is of type yes-no, so there is no each/],
    ['points for a yes of a list', ['points: { own: 20, rent: 10, other: 0 }', 'points: 20'], '- { fact: tenure', /tenure is of type one-of, not yes or no/],
    ['a value that the row leaves out', ['own: 20, rent: 10, other: 0', 'own: 20, rent: 10'], '- { fact: tenure', /tenure is one of own, rent, other/],
    ['values of what has none', ['fact: honour, points: 5', 'fact: honour, points: { yes: 5 }'], '- { fact: honour', /honour is of type yes-no and has no values/],
    ['a row for what is counted itself', ['fact: honour, points: 5', 'fact: points, each: 5'], '- { fact: points', /points is counted itself/],
    ['a table of a date', ['points.home:\n    type: number', 'points.home:\n    type: date'], '    table:', /only a number is counted/],
    ['a sum of a sum', ['sum: [points.home] }', 'sum: [points.home] }\n  more: { type: number, sum: [points] }'], 'more:', /points is a sum itself/],
  ])('refuses %s', (_what, change, at, message) => {
    const text = withTable(change)
    const parsed = parsePolicy(text, 'town.yaml')
    const faults = parsed.ok ? [] : parsed.faults
    expect(faults.map((fault) => fault.message)).toContainEqual(expect.stringMatching(message))
    expect(faults.find((fault) => message.test(fault.message))?.line).toBe(lineOf(text, at))
  })
})
