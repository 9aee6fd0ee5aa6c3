import { describe, expect, it } from 'vitest'
import type { RoundFile } from '../../../../../contracts/rounds.js'
import { resultFile } from '../../../../../contracts/files/round.js'
import { sha256Hex } from '../../../../../platform/crypto.js'
import { ticketOf } from '../ticket.js'
import { allocate } from './allocate.js'
import { stableResults } from './by-hand.fixture.js'
import { checkResult } from './check.js'
import { roundOf, SEED } from './round.fixture.js'

const places = (round: RoundFile) => Object.fromEntries(allocate(round).assignments.map(({ applicant, school }) => [applicant, school]))
const reasons = (round: RoundFile) => Object.fromEntries(allocate(round).assignments.map(({ applicant, reason }) => [applicant, reason]))

describe('a result', () => {
  it('is a file of its format, with the digest of what it was made from', () => {
    const round = roundOf({ s1: 1 }, { b: ['s1'], a: ['s1'] })
    expect(resultFile.parse(allocate(round))).toEqual({
      format: 'ruxue.result.v1',
      round: 'example',
      inputDigest: `sha256:${sha256Hex([
        '{"format":"ruxue.round.v1","id":"example","mechanism":"serial","orders":{"default":{"ids":["b","a"],"kind":"listed"}}}',
        '{"id":"s1","plan":1}', '{"choices":["s1"],"id":"a"}', '{"choices":["s1"],"id":"b"}', '',
      ].join('\n'))}`,
      assignments: [
        { applicant: 'a', school: null, choice: null, reason: 'no-seat' },
        { applicant: 'b', school: 's1', choice: 1, reason: 'better-claim' },
      ],
      reserves: { s1: ['a'] },
    })
  })

  it('says who would rather be at a school also of those placed elsewhere, the best claim first', () => {
    const round = roundOf({ s1: 1, s2: 1 }, { a: ['s1'], b: ['s1', 's2'], c: ['s2', 's1'], d: [] })
    expect(allocate(round).reserves).toEqual({ s1: ['b', 'c'], s2: ['c'] })
    expect(reasons(round)).toEqual({ a: 'better-claim', b: 'better-claim', c: 'no-seat', d: 'no-school' })
  })
})

describe('the mechanisms', () => {
  // a has the best claim everywhere, then b, then c; all are refused somewhere.
  const choices = { a: ['s1', 's2'], b: ['s1', 's2'], c: ['s2', 's1'] }

  it('serial serves the better claim first, whatever the number of the choice', () => {
    expect(places(roundOf({ s1: 1, s2: 1 }, choices))).toEqual({ a: 's1', b: 's2', c: null })
  })

  it('immediate gives a school to those who chose it first', () => {
    expect(places(roundOf({ s1: 1, s2: 1 }, choices, { mechanism: 'immediate' }))).toEqual({ a: 's1', b: null, c: 's2' })
  })

  it('immediate asks for the number of the choice before the class, where a class comes first', () => {
    const round: RoundFile = {
      ...roundOf({}, {}),
      mechanism: 'immediate',
      schools: [{ id: 's1', plan: 1, classes: [{ id: 'contract' }] }, { id: 's2', plan: 0 }],
      applicants: [{ id: 'a', choices: ['s2', 's1'], class: 'contract' }, { id: 'b', choices: ['s1'] }],
      orders: { default: { kind: 'listed', ids: ['a', 'b'] } },
    }
    expect(places(round)).toEqual({ a: null, b: 's1' })
    expect(places({ ...round, mechanism: 'deferred' })).toEqual({ a: 's1', b: null })
  })

  it('deferred lets each school have an order of its own', () => {
    const orders: RoundFile['orders'] = { default: { kind: 'listed', ids: ['a', 'b', 'c'] }, s1: { kind: 'listed', ids: ['c', 'b', 'a'] } }
    expect(places(roundOf({ s1: 1, s2: 1 }, choices, { mechanism: 'deferred', orders }))).toEqual({ a: 's2', b: null, c: 's1' })
  })
})

describe('an order', () => {
  const ranked = (by: (keyof typeof KEYS)[], direction: 'asc' | 'desc'): RoundFile =>
    roundOf({ s1: 1 }, {}, {
      applicants: ['a', 'b', 'c'].map((id, at) => ({ id, choices: ['s1'], keys: Object.fromEntries(Object.entries(KEYS).map(([key, values]) => [key, values[at]!])) })),
      orders: { default: { kind: 'ranked', by: by.map((key) => ({ key, direction })) } },
      seed: SEED,
    })
  const KEYS = { purchasedOn: ['2019-03-01', '2018-12-31', '2019-01-01'], points: [9, 10, 9], same: [1, 1, 1] }
  const winner = (round: RoundFile) => allocate(round).assignments.find(({ school }) => school)!.applicant
  const byTicket = ['a', 'b', 'c'].sort((a, b) => (ticketOf(SEED, a) < ticketOf(SEED, b) ? -1 : 1))

  it('by date has the earliest first, by points the most, as numbers and not as text', () => {
    expect(winner(ranked(['purchasedOn'], 'asc'))).toBe('b')
    expect(winner(ranked(['points'], 'desc'))).toBe('b')
  })

  it('goes on to the next key, and in the end to the tickets', () => {
    expect(winner(ranked(['points', 'purchasedOn'], 'asc'))).toBe('c')
    expect(winner(ranked(['same'], 'asc'))).toBe(byTicket[0])
    expect(winner({ ...ranked(['same'], 'asc'), orders: { default: { kind: 'lottery' } } })).toBe(byTicket[0])
  })

  it('draws tickets as it is told, and none where none decides', () => {
    const round = ranked(['same'], 'asc')
    const given = (unit: string) => ({ a: 'ff', b: '00', c: '80' })[unit]!.padEnd(64, '0')
    expect(allocate(round, given).assignments.find(({ school }) => school)!.applicant).toBe('b')
    expect(winner({ ...ranked(['purchasedOn'], 'asc'), seed: undefined })).toBe('b')
  })

  it('compares tickets to the last digit', () => {
    const given = (unit: string) => `${'0'.repeat(63)}${{ a: 2, b: 1, c: 3 }[unit]}`
    expect(allocate(ranked(['same'], 'asc'), given).assignments.find(({ school }) => school)!.applicant).toBe('b')
  })

  it('is none where two have one ticket, or a ticket must decide and cannot be drawn', () => {
    expect(() => allocate(ranked(['same'], 'asc'), () => '00'.padEnd(64, '0'))).toThrow(/have one ticket/)
    expect(() => allocate({ ...ranked(['same'], 'asc'), seed: undefined })).toThrow(/no seed/)
  })
})

describe('classes', () => {
  const withClasses = (plan: number, classes: { id: string; seats?: number }[], choices: [string, string | undefined][]): RoundFile => ({
    ...roundOf({}, {}),
    schools: [{ id: 's1', plan, classes }],
    applicants: choices.map(([id, one]) => ({ id, choices: ['s1'], ...(one && { class: one }) })),
    orders: { default: { kind: 'listed', ids: choices.map(([id]) => id) } },
  })

  it('without seats of their own come before all later ones, on every seat', () => {
    const round = withClasses(2, [{ id: 'contract' }, { id: 'special' }], [['a', undefined], ['b', 'special'], ['c', 'contract']])
    expect(places(round)).toEqual({ a: null, b: 's1', c: 's1' })
  })

  it('with seats have these to themselves and the others like everybody', () => {
    const round = withClasses(2, [{ id: 'contract', seats: 1 }], [['a', undefined], ['b', 'contract'], ['c', 'contract']])
    expect(reasons(round)).toEqual({ a: 'better-claim', b: 'own-seat', c: 'no-seat' })
  })

  it('leave to the others what they do not need', () => {
    const round = withClasses(2, [{ id: 'contract', seats: 2 }], [['a', undefined], ['b', undefined], ['c', 'contract']])
    expect(places(round)).toEqual({ a: 's1', b: null, c: 's1' })
  })

  it('that a school does not know are nothing there', () => {
    expect(places(withClasses(1, [{ id: 'contract' }], [['a', undefined], ['b', 'other']]))).toEqual({ a: 's1', b: null })
  })
})

describe('a unit', () => {
  const twins = (seats: Record<string, number>, unitOverflow: RoundFile['unitOverflow'], before: string[] = []): RoundFile => ({
    ...roundOf(seats, {}),
    applicants: [
      ...before.map((id) => ({ id, choices: ['s1'] })),
      ...['x', 'y'].map((id) => ({ id, choices: ['s1', 's2'], unit: 't' })),
      { id: 'z', choices: ['s1'] },
    ],
    orders: { default: { kind: 'listed', ids: [...before, 'x', 'y', 'z'] } },
    ...(unitOverflow && { unitOverflow }),
  })

  it('is passed over where the last seats do not suffice, and goes on to its next choice', () => {
    expect(places(twins({ s1: 2, s2: 2 }, 'skip', ['a']))).toEqual({ a: 's1', x: 's2', y: 's2', z: 's1' })
    expect(places(twins({ s1: 2, s2: 2 }, undefined, ['a']))).toEqual({ a: 's1', x: 's2', y: 's2', z: 's1' })
  })

  it('that finds enough seats nowhere is told that there were some', () => {
    expect(reasons(twins({ s1: 1, s2: 0 }, 'skip'))).toEqual({ x: 'unit-too-large', y: 'unit-too-large', z: 'better-claim' })
    expect(reasons(twins({ s1: 0, s2: 0 }, 'skip'))).toMatchObject({ x: 'no-seat' })
  })

  it('is admitted over plan where the policy wants it, and that is recorded', () => {
    const round = twins({ s1: 2, s2: 2 }, 'admit', ['a'])
    expect(places(round)).toEqual({ a: 's1', x: 's1', y: 's1', z: null })
    expect(reasons(round)).toMatchObject({ x: 'better-claim', y: 'over-plan' })
    expect(places(twins({ s1: 0, s2: 2 }, 'admit'))).toMatchObject({ x: 's2', y: 's2' })
  })

  it('is split where the policy wants it, who registered first first', () => {
    const round = twins({ s1: 2, s2: 2 }, 'split', ['a'])
    expect(places(round)).toEqual({ a: 's1', x: 's1', y: 's2', z: null })
    const [a, x, y, z] = round.applicants
    const later = { ...round, applicants: [a!, { ...x!, keys: { registeredAt: '2023-06-02' } }, { ...y!, keys: { registeredAt: '2023-06-01' } }, z!] }
    expect(places(later)).toMatchObject({ y: 's1', x: 's2' })
  })

  it('has one ticket', () => {
    const drawn: string[] = []
    const round: RoundFile = { ...twins({ s1: 1, s2: 0 }, 'skip'), orders: { default: { kind: 'lottery' } } }
    allocate(round, (unit) => {
      drawn.push(unit)
      return ticketOf(SEED, unit)
    })
    expect(drawn.sort()).toEqual(['t', 'z'])
  })

  it('goes by the weakest of its members', () => {
    const round = roundOf({ s1: 2 }, {}, {
      applicants: [{ id: 'x', choices: ['s1'], unit: 't' }, { id: 'y', choices: ['s1'], unit: 't' }, { id: 'z', choices: ['s1'] }],
      orders: { default: { kind: 'listed', ids: ['x', 'z', 'y'] } },
      unitOverflow: 'admit',
    })
    expect(allocate({ ...round, schools: [{ id: 's1', plan: 1 }] }).assignments.find(({ school }) => school)!.applicant).toBe('z')
  })

  it('takes the seats of its class, and open ones for the rest of its children', () => {
    const round: RoundFile = {
      ...roundOf({}, {}),
      schools: [{ id: 's1', plan: 3, classes: [{ id: 'contract', seats: 1 }] }],
      applicants: [{ id: 'a', choices: ['s1'] }, ...['x', 'y'].map((id) => ({ id, choices: ['s1'], unit: 't', class: 'contract' })), { id: 'z', choices: ['s1'] }],
      orders: { default: { kind: 'listed', ids: ['a', 'x', 'y', 'z'] } },
    }
    expect(reasons(round)).toEqual({ a: 'better-claim', x: 'own-seat', y: 'better-claim', z: 'no-seat' })
  })
})

describe('units that schools rank differently', () => {
  it('may leave no result in which nobody has a better claim; then one is passed over, and no seat stays free for it', () => {
    const units = { p: ['s1', 's2'], q: ['s2', 's1'], t: ['s1', 's2'] }
    const members = { p: ['p1', 'p2'], q: ['q1', 'q2'], t: ['t1', 't2', 't3'] }
    const round: RoundFile = {
      ...roundOf({ s1: 2, s2: 4 }, {}),
      mechanism: 'deferred',
      applicants: Object.entries(members).flatMap(([unit, ids]) => ids.map((id) => ({ id, unit, choices: units[unit as keyof typeof units] }))),
      orders: { s1: { kind: 'listed', ids: ['q1', 'q2', 't1', 't2', 't3', 'p1', 'p2'] }, s2: { kind: 'listed', ids: ['p1', 'p2', 't1', 't2', 't3', 'q1', 'q2'] } },
    }
    expect(stableResults(round)).toEqual([])
    expect(places(round)).toEqual({ p1: 's1', p2: 's1', q1: 's2', q2: 's2', t1: null, t2: null, t3: null })
    expect(reasons(round)).toMatchObject({ t1: 'unit-too-large' })
    expect(checkResult(round, allocate(round))).toEqual([])
  })

  it('never cost a single child a seat of its class by keeping it from each other', () => {
    const pair = (ids: string[], unit: string, className: string) => ids.map((id) => ({ id, choices: ['s1'], unit, class: className }))
    const round: RoundFile = {
      ...roundOf({}, {}),
      schools: [{ id: 's1', plan: 2, classes: [{ id: 'contract', seats: 1 }, { id: 'rest', seats: 1 }] }, { id: 's2', plan: 1 }],
      applicants: [...pair(['p', 'q'], 'pq', 'rest'), ...pair(['x', 'y'], 'xy', 'contract'), { id: 'a', choices: ['s1', 's2'], class: 'contract' }],
      orders: { default: { kind: 'listed', ids: ['p', 'q', 'x', 'y', 'a'] } },
    }
    expect(places(round)).toEqual({ p: null, q: null, x: 's1', y: 's1', a: 's2' })
    expect(checkResult(round, allocate(round))).toEqual([])
  })

  it('leave no seat free in the end that one of them would fill', () => {
    const unit = (ids: string[], name: string, choices: string[], className?: string) => ids.map((id) => ({ id, unit: name, choices, ...(className && { class: className }) }))
    const round: RoundFile = {
      ...roundOf({}, {}),
      mechanism: 'deferred',
      schools: [{ id: 's1', plan: 3, classes: [{ id: 'special', seats: 2 }] }, { id: 's2', plan: 3, classes: [{ id: 'rest', seats: 2 }] }],
      applicants: [...unit(['p1', 'p2'], 'p', ['s1', 's2']), ...unit(['q1', 'q2', 'q3'], 'q', ['s1'], 'special'), ...unit(['r1', 'r2', 'r3'], 'r', ['s2', 's1'])],
      orders: { default: { kind: 'listed', ids: ['p1', 'p2', 'q1', 'q2', 'q3', 'r1', 'r2', 'r3'] } },
    }
    expect(checkResult(round, allocate(round))).toEqual([])
    expect(places(round)).toEqual({ p1: 's1', p2: 's1', q1: null, q2: null, q3: null, r1: 's2', r2: 's2', r3: 's2' })
  })
})
