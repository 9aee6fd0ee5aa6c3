import { describe, expect, it } from 'vitest'
import type { ResultFile, RoundFile } from '../../../../../contracts/rounds.js'
import { allocate } from './allocate.js'
import { roundOf } from './round.fixture.js'
import { chainTo, moveUp } from './waivers.js'

const places = ({ assignments }: ResultFile) => Object.fromEntries(assignments.map(({ applicant, school }) => [applicant, school]))

describe('a waiver', () => {
  const round = roundOf({ s1: 1, s2: 1, s3: 1 }, { a: ['s1'], b: ['s1', 's2'], c: ['s1', 's2', 's3'], d: ['s3'], e: ['s3'] })
  const before = allocate(round)

  it('moves the reserves on, seat by seat', () => {
    expect(places(before)).toEqual({ a: 's1', b: 's2', c: 's3', d: null, e: null })
    const { result, moves } = moveUp(round, before, ['a'])
    expect(places(result)).toEqual({ a: null, b: 's1', c: 's2', d: 's3', e: null })
    expect(result.assignments.map(({ reason }) => reason)).toEqual(['waived', 'moved-up', 'moved-up', 'moved-up', 'no-seat'])
    expect(result.reserves).toEqual({ s1: ['c'], s2: [], s3: ['e'] })
    expect(moves).toEqual([
      { applicant: 'b', from: 's2', to: 's1', rank: 1, reason: 'moved-up', seatOf: 'a' },
      { applicant: 'c', from: 's3', to: 's2', rank: 1, reason: 'moved-up', seatOf: 'b' },
      { applicant: 'd', from: null, to: 's3', rank: 1, reason: 'moved-up', seatOf: 'c' },
    ])
  })

  it('is explained by the moves that led from it to the child', () => {
    const { moves } = moveUp(round, before, ['a'])
    expect(chainTo('d', moves).map(({ applicant, seatOf }) => `${applicant} after ${seatOf}`)).toEqual(['b after a', 'c after b', 'd after c'])
    expect(chainTo('e', moves)).toEqual([])
  })

  it('of a child in the reserves takes it out of them', () => {
    expect(moveUp(round, before, ['d']).result.reserves.s3).toEqual(['e'])
  })

  it('after another goes on from there', () => {
    const first = moveUp(round, before, ['a']).result
    expect(places(moveUp(round, first, ['c']).result)).toEqual({ a: null, b: 's1', c: null, d: 's3', e: null })
  })

  it('gives a seat of a class to the class', () => {
    const classes: RoundFile = {
      ...roundOf({}, {}),
      schools: [{ id: 's1', plan: 2, classes: [{ id: 'contract', seats: 1 }] }],
      applicants: [{ id: 'a', choices: ['s1'] }, { id: 'b', choices: ['s1'] }, { id: 'c', choices: ['s1'], class: 'contract' }, { id: 'd', choices: ['s1'], class: 'contract' }],
      orders: { default: { kind: 'listed', ids: ['a', 'b', 'c', 'd'] } },
    }
    const result = allocate(classes)
    expect(places(moveUp(classes, result, ['c']).result)).toMatchObject({ a: 's1', b: null, d: 's1' })
    expect(places(moveUp(classes, result, ['a']).result)).toMatchObject({ b: 's1', c: 's1', d: null })
  })

  it('gives a seat of a class to the class also while others of it keep theirs', () => {
    const classes: RoundFile = {
      ...roundOf({}, {}),
      schools: [{ id: 's1', plan: 2, classes: [{ id: 'contract', seats: 2 }] }],
      applicants: [{ id: 'a', choices: ['s1'] }, ...['b', 'c', 'd'].map((id) => ({ id, choices: ['s1'], class: 'contract' }))],
      orders: { default: { kind: 'listed', ids: ['a', 'b', 'c', 'd'] } },
    }
    expect(places(moveUp(classes, allocate(classes), ['b']).result)).toEqual({ a: null, b: null, c: 's1', d: 's1' })
  })

  it('takes a child that two schools offer a seat at once to its earlier choice', () => {
    const two = roundOf({ s1: 1, s2: 1, s3: 1 }, { a: ['s1'], b: ['s2'], c: ['s1', 's2', 's3'] })
    expect(moveUp(two, allocate(two), ['a', 'b']).moves).toEqual([{ applicant: 'c', from: 's3', to: 's1', rank: 1, reason: 'moved-up', seatOf: 'a' }])
  })

  it('gives the seat that was left first to the better claim', () => {
    const two = roundOf({ s1: 2 }, { a: ['s1'], b: ['s1'], d: ['s1'], c: ['s1'] })
    expect(moveUp(two, allocate(two), ['a', 'b']).moves.map(({ applicant, rank, seatOf }) => [applicant, rank, seatOf])).toEqual([['d', 1, 'a'], ['c', 2, 'b']])
  })

  it('of one seat passes over twins, who move together once there are two', () => {
    const twins: RoundFile = {
      ...roundOf({ s1: 2 }, {}),
      applicants: [{ id: 'a', choices: ['s1'] }, { id: 'b', choices: ['s1'] }, ...['x', 'y'].map((id) => ({ id, choices: ['s1'], unit: 't' })), { id: 'z', choices: ['s1'] }],
      orders: { default: { kind: 'listed', ids: ['a', 'b', 'x', 'y', 'z'] } },
    }
    const result = allocate(twins)
    expect(places(moveUp(twins, result, ['a']).result)).toEqual({ a: null, b: 's1', x: null, y: null, z: 's1' })
    const both = moveUp(twins, result, ['a', 'b'])
    expect(places(both.result)).toEqual({ a: null, b: null, x: 's1', y: 's1', z: null })
    expect(both.moves.map(({ seatOf }) => seatOf)).toEqual(['a', 'b'])
    const overPlan = moveUp({ ...twins, unitOverflow: 'admit' }, result, ['a'])
    expect(overPlan.moves.map(({ applicant, reason, seatOf }) => [applicant, reason, seatOf])).toEqual([['x', 'moved-up', 'a'], ['y', 'over-plan', null]])
  })

  it('of one twin frees one seat, unless the school is over plan', () => {
    const twins: RoundFile = {
      ...roundOf({ s1: 2 }, {}),
      applicants: [{ id: 'a', choices: ['s1'] }, ...['x', 'y'].map((id) => ({ id, choices: ['s1'], unit: 't' })), { id: 'z', choices: ['s1'] }],
      orders: { default: { kind: 'listed', ids: ['a', 'x', 'y', 'z'] } },
      unitOverflow: 'admit',
    }
    const result = allocate(twins)
    expect(places(result)).toEqual({ a: 's1', x: 's1', y: 's1', z: null })
    const once = moveUp(twins, result, ['x']).result
    expect(places(once)).toEqual({ a: 's1', x: null, y: 's1', z: null })
    expect(places(moveUp(twins, once, ['a']).result)).toMatchObject({ y: 's1', z: 's1' })
  })

  describe('where a unit becomes small enough by a waiver of its own', () => {
    const members = (ids: string[], unit: string, className: string) => ids.map((id) => ({ id, choices: ['s1'], unit, class: className }))

    it('gives it seats that units passed over keep from each other', () => {
      const triples: RoundFile = {
        ...roundOf({}, {}),
        schools: [{ id: 's1', plan: 3, classes: [{ id: 'contract', seats: 1 }, { id: 'rest', seats: 1 }] }],
        applicants: [{ id: 'a', choices: ['s1'], class: 'contract' }, ...members(['x', 'y', 'z'], 't', 'contract'), ...members(['u', 'v', 'w'], 'v', 'rest')],
        orders: { default: { kind: 'listed', ids: ['a', 'x', 'y', 'z', 'u', 'v', 'w'] } },
      }
      expect(places(allocate(triples))).toMatchObject({ a: 's1', x: null, u: null })
      expect(places(moveUp(triples, allocate(triples), ['z']).result)).toMatchObject({ a: 's1', x: 's1', y: 's1', u: null })
    })

    it('gives it no own seat that others are on', () => {
      const lent: RoundFile = {
        ...roundOf({}, {}),
        schools: [{ id: 's1', plan: 2, classes: [{ id: 'contract', seats: 2 }] }],
        applicants: [{ id: 'a', choices: ['s1'] }, { id: 'b', choices: ['s1'] }, ...members(['x', 'y', 'z'], 't', 'contract')],
        orders: { default: { kind: 'listed', ids: ['a', 'b', 'x', 'y', 'z'] } },
      }
      const result = moveUp(lent, allocate(lent), ['z']).result
      expect(places(result)).toMatchObject({ a: 's1', b: 's1', x: null })
      expect(places(moveUp(lent, result, ['a']).result)).toMatchObject({ b: 's1', x: null, y: null })
    })
  })
})
