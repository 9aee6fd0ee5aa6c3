import { describe, expect, it } from 'vitest'
import type { RoundFile } from '../../../../../contracts/rounds.js'
import { readRound } from './read.js'
import { roundOf } from './round.fixture.js'

const sound = (): RoundFile => ({
  format: 'ruxue.round.v1',
  id: 'r1',
  mechanism: 'deferred',
  schools: [{ id: 's1', plan: 2, classes: [{ id: 'contract', seats: 1 }] }, { id: 's2', plan: 1 }],
  applicants: [
    { id: 'a1', choices: ['s1', 's2'], class: 'contract', unit: 't7', keys: { purchasedOn: '2019-03-01', points: 61 } },
    { id: 'a2', choices: ['s1', 's2'], class: 'contract', unit: 't7', keys: { purchasedOn: '2019-03-01', points: 61 } },
    { id: 'a3', choices: ['s2'], keys: { purchasedOn: '2018-01-01', points: 12.5 } },
  ],
  orders: { default: { kind: 'ranked', by: [{ key: 'points', direction: 'desc' }] }, s1: { kind: 'lottery' } },
  unitOverflow: 'split',
  seed: 'c0ffee',
})
type Draft = Record<string, never> & { schools: Draft[]; applicants: Draft[]; orders: Record<string, Draft> }
const faultsAt = (change: (round: Draft) => unknown): string[] => {
  const round = sound()
  change(round as never)
  return readRound(round).faults?.map(({ at }) => at) ?? []
}
const set = (target: object, values: object) => Object.assign(target, values)

describe('reading a round', () => {
  it('gives back one without faults', () => expect(readRound(sound())).toEqual({ round: sound() }))

  it.each<[string, string, (round: Draft) => unknown]>([
    ['another format', '/format', (round) => set(round, { format: 'ruxue.round.v2' })],
    ['an unknown field', '/color', (round) => set(round, { color: 'blue' })],
    ['an unknown mechanism', '/mechanism', (round) => set(round, { mechanism: 'boston' })],
    ['no id', '/id', (round) => set(round, { id: '' })],
    ['a negative plan', '/schools/1/plan', (round) => set(round.schools[1]!, { plan: -1 })],
    ['half a seat', '/schools/1/plan', (round) => set(round.schools[1]!, { plan: 0.5 })],
    ['a school twice', '/schools/2/id', (round) => round.schools.push({ id: 's1', plan: 0 } as never)],
    ['a school called default', '/schools/2/id', (round) => round.schools.push({ id: 'default', plan: 0 } as never)],
    ['a class twice', '/schools/0/classes/1/id', (round) => set(round.schools[0]!, { classes: [{ id: 'c' }, { id: 'c' }] })],
    ['more own seats than the plan has', '/schools/0/classes', (round) => set(round.schools[0]!, { classes: [{ id: 'c', seats: 3 }] })],
    ['an applicant twice', '/applicants/2/id', (round) => set(round.applicants[2]!, { id: 'a1' })],
    ['a line break in an id', '/applicants/2/id', (round) => set(round.applicants[2]!, { id: 'a\n3' })],
    ['an id that no text encoding can hold', '/applicants/2/id', (round) => set(round.applicants[2]!, { id: 'a\ud800' })],
    ['an unknown school', '/applicants/2/choices/0', (round) => set(round.applicants[2]!, { choices: ['s3'] })],
    ['a choice twice', '/applicants/2/choices/1', (round) => set(round.applicants[2]!, { choices: ['s2', 's2'] })],
    ['a key that is neither number nor text', '/applicants/2/keys/points', (round) => set(round.applicants[2]!, { keys: { points: true } })],
    ['members of a unit with other choices', '/applicants/1/choices', (round) => set(round.applicants[1]!, { choices: ['s2', 's1'] })],
    ['members of a unit in other classes', '/applicants/1/class', (round) => set(round.applicants[1]!, { class: 'special' })],
    ['a unit of which one has a time of registration', '/applicants/1/keys/registeredAt', (round) => set(round.applicants[1]!, { keys: { points: 61, registeredAt: 5 } })],
    ['an applicant with the name of a unit', '/applicants/2/id', (round) => set(round.applicants[2]!, { id: 't7' })],
    ['an order for an unknown school', '/orders/s3', (round) => set(round.orders, { s3: { kind: 'lottery' } })],
    ['an unknown order', '/orders/s1/kind', (round) => set(round.orders, { s1: { kind: 'age' } })],
    ['a ranked order without keys', '/orders/default/by', (round) => set(round.orders, { default: { kind: 'ranked', by: [] } })],
    ['a school without an order', '/orders/default', (round) => set(round, { orders: { s1: { kind: 'lottery' } } })],
    ['a list that leaves out somebody', '/orders/s1/ids', (round) => set(round.orders, { s1: { kind: 'listed', ids: ['a1'] } })],
    ['a list with an unknown applicant', '/orders/s1/ids/2', (round) => set(round.orders, { s1: { kind: 'listed', ids: ['a1', 'a2', 'a9'] } })],
    ['a list that names somebody twice', '/orders/s1/ids/2', (round) => set(round.orders, { s1: { kind: 'listed', ids: ['a1', 'a2', 'a1'] } })],
    ['an applicant without the key that ranks', '/applicants/2/keys/points', (round) => set(round.applicants[2]!, { keys: {} })],
    ['a key that only every object has', '/applicants/0/keys/constructor', (round) => {
      set(round, { applicants: [{ id: 'a', choices: ['s2'], keys: {} }] })
      set(round.orders, { default: { kind: 'ranked', by: [{ key: 'constructor', direction: 'asc' }] } })
    }],
    ['a key of two kinds', '/applicants/2/keys/points', (round) => set(round.applicants[2]!, { keys: { points: '61' } })],
    ['a lottery without a seed', '/seed', (round) => set(round, { seed: undefined })],
    ['a seed that is not hexadecimal', '/seed', (round) => set(round, { seed: 'xyz' })],
    ['an order of its own in a serial round', '/orders/s1', (round) => set(round, { mechanism: 'serial' })],
  ])('refuses %s at %s', (_what, at, change) => expect(faultsAt(change)).toEqual([at]))

  it('escapes pointers', () => {
    expect(faultsAt((round) => set(round.orders, { 'a/b~c': { kind: 'lottery' } }))).toEqual(['/orders/a~1b~0c'])
  })

  it('tells all faults at once, whatever their kind', () => {
    expect(faultsAt((round) => {
      set(round, { seed: undefined, mechanism: 5 })
      set(round.schools[1]!, { plan: -1 })
      set(round.applicants[0]!, { id: 'a3' })
      set(round.applicants[2]!, { choices: ['s2', 's9', 's2'], keys: 'none' })
      set(round.orders, { s1: { kind: 'listed', ids: ['a1'] } })
    }).sort()).toEqual([
      '/applicants/2/choices/1', '/applicants/2/choices/2', '/applicants/2/id', '/applicants/2/keys',
      '/mechanism', '/orders/s1/ids', '/orders/s1/ids', '/orders/s1/ids/0', '/schools/1/plan',
    ].sort())
  })

  it.each([[null], ['a text'], [[]], [{ schools: [5], applicants: [null], orders: { default: 7 } }]])('refuses %j, and does not fall over it', (input) => {
    expect(readRound(input).faults!.length).toBeGreaterThan(0)
  })

  it('needs no seed where no ticket decides', () => {
    const ranked = (points: number[]) =>
      roundOf({ s: 1 }, {}, {
        applicants: points.map((value, index) => ({ id: `a${index}`, choices: ['s'], keys: { points: value } })), orders: { default: { kind: 'ranked', by: [{ key: 'points', direction: 'asc' }] } },
      })
    expect(readRound(ranked([1, 2, 3])).faults).toBeUndefined()
    expect(readRound(ranked([1, 2, 1])).faults).toEqual([{ at: '/seed', message: 'Is missing, and tickets decide: a0 and a2 are alike in every key of default' }])
  })

  it('compares units by their weakest members, where it asks whether a ticket decides', () => {
    const ranked = (direction: 'asc' | 'desc') => ({
      ...roundOf({ s: 1 }, {}),
      applicants: [['a', 50, 't'], ['b', 60, 't'], ['c', 60]].map(([id, points, unit]) => ({ id: String(id), choices: ['s'], ...(unit && { unit: String(unit) }), keys: { points: Number(points) } })),
      orders: { default: { kind: 'ranked' as const, by: [{ key: 'points', direction }] } },
    })
    expect(readRound(ranked('desc')).faults).toBeUndefined()
    expect(readRound(ranked('asc')).faults).toEqual([{ at: '/seed', message: 'Is missing, and tickets decide: t and c are alike in every key of default' }])
  })
})
