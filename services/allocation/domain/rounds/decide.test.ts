import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../../../platform/crypto.js'
import { decideRound, METHODS } from './decide.js'
import { canonicalList, listHash } from './list.js'
import { ticketOf } from './ticket.js'
import type { RoundUnit } from './unit.js'

const SCHOOLS = ['north', 'south', 'west']
const SEED = sha256Hex('a seed')

const wishes = fc.uniqueArray(fc.constantFrom(...SCHOOLS), { maxLength: 3 })
const unitsOf = (kinds: { size: number; schools: string[] }[]): RoundUnit[] =>
  canonicalList(kinds.map(({ size, schools }, n) => ({
    unit: size === 1 ? `c${n}-0` : `u${n}`,
    members: Array.from({ length: size }, (_, member) => `c${n}-${member}`),
    schools,
  })))
const units = fc.array(fc.record({ size: fc.constantFrom(1, 1, 1, 2, 3), schools: wishes }), { maxLength: 60 }).map(unitsOf)
const capacity = fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20)).map((seats) => new Map(SCHOOLS.map((school, n) => [school, seats[n]!])))
const seed = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'))
const method = fc.constantFrom(...METHODS)

const taken = (results: { school?: string }[], school: string) => results.filter((result) => result.school === school).length

describe('a round', () => {
  it('never gives a school more children than it has seats', () => {
    fc.assert(fc.property(method, units, capacity, seed, (by, list, seats, drawn) => {
      const { results } = decideRound(by, list, seats, drawn)
      for (const school of SCHOOLS) expect(taken(results, school)).toBeLessThanOrEqual(seats.get(school)!)
    }))
  })

  it('records what every school had that somebody could go to, so that the record suffices to decide again', () => {
    fc.assert(fc.property(method, units, capacity, seed, (by, list, seats, drawn) => {
      const { runs } = decideRound(by, list, seats, drawn)
      expect(runs.map(({ school }) => school)).toEqual([...new Set(list.flatMap(({ schools }) => schools))].sort())
      for (const run of runs) expect(run.seats).toBe(seats.get(run.school))
    }))
  })

  it('decides every child once and only for a school it may go to', () => {
    fc.assert(fc.property(method, units, capacity, seed, (by, list, seats, drawn) => {
      const { results } = decideRound(by, list, seats, drawn)
      expect(results.map(({ child }) => child).sort()).toEqual(list.flatMap(({ members }) => members).sort())
      for (const { unit, school } of results) {
        if (school !== undefined) expect(list.find((one) => one.unit === unit)!.schools).toContain(school)
      }
    }))
  })

  it('takes everyone where all fit', () => {
    fc.assert(fc.property(method, units, seed, (by, list, drawn) => {
      const wanted = list.map((unit) => ({ ...unit, schools: unit.schools.slice(0, 1) })).filter(({ schools }) => schools.length > 0)
      const seats = new Map(SCHOOLS.map((school) => [school, wanted.filter(({ schools }) => schools[0] === school).flatMap(({ members }) => members).length]))
      const { results, runs } = decideRound(by, wanted, seats, drawn)
      expect(results.every(({ outcome }) => outcome === 'admitted')).toBe(true)
      expect(runs.every((run) => !run.drawn)).toBe(true)
    }))
  })

  it('says the same whatever the order of the list', () => {
    fc.assert(fc.property(method, units.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))), capacity, seed, (by, [list, shuffled], seats, drawn) => {
      expect(decideRound(by, shuffled, seats, drawn)).toEqual(decideRound(by, list, seats, drawn))
      expect(listHash(canonicalList(shuffled))).toBe(listHash(list))
    }))
  })

  it('keeps the members of a unit together', () => {
    fc.assert(fc.property(method, units, capacity, seed, (by, list, seats, drawn) => {
      const { results } = decideRound(by, list, seats, drawn)
      for (const { unit } of list) {
        const schools = new Set(results.filter((result) => result.unit === unit).map(({ school }) => school))
        expect(schools.size).toBe(1)
      }
    }))
  })

  it('refuses nobody whom what is left would hold', () => {
    fc.assert(fc.property(method, units, capacity, seed, (by, list, seats, drawn) => {
      const { results } = decideRound(by, list, seats, drawn)
      for (const { unit, members, schools } of list) {
        if (results.find((result) => result.unit === unit)!.outcome === 'admitted') continue
        for (const school of schools) expect(seats.get(school)! - taken(results, school)).toBeLessThan(members.length)
      }
    }))
  })

  it('passes a pair over for one last seat, and gives that to the next', () => {
    const tickets = (ids: string[]) => ids.sort((a, b) => (ticketOf(SEED, a) < ticketOf(SEED, b) ? -1 : 1))
    const [first, pair, last] = tickets(['alpha', 'beta', 'gamma']) as [string, string, string]
    const list = canonicalList([
      { unit: first, members: [first], schools: ['north'] },
      { unit: pair, members: ['left', 'right'], schools: ['north'] },
      { unit: last, members: [last], schools: ['north'] },
    ])
    const { results, runs } = decideRound('lottery', list, new Map([['north', 2]]), SEED)
    expect(Object.fromEntries(results.map(({ child, outcome }) => [child, outcome]))).toEqual({
      [first]: 'admitted', left: 'not-admitted', right: 'not-admitted', [last]: 'admitted',
    })
    expect(runs).toEqual([{ school: 'north', applicants: 4, seats: 2, drawn: true }])
  })

  it('settles a zone with one school before one whose children another school may take', () => {
    const list = canonicalList(Array.from({ length: 40 }, (_, n) => ({ unit: `c${n}`, members: [`c${n}`], schools: n < 20 ? ['north'] : ['north', 'south'] })))
    const { results } = decideRound('catchment', list, new Map([['north', 20], ['south', 20]]), SEED)
    expect(results.filter(({ school }) => school === 'north').map(({ child }) => Number(child.slice(1))).every((n) => n < 20)).toBe(true)
    expect(taken(results, 'south')).toBe(20)
  })

  it('tells a child for whom there is no school from one for whom there is no seat', () => {
    const list = canonicalList([{ unit: 'a', members: ['a'], schools: [] }, { unit: 'b', members: ['b'], schools: ['north'] }])
    const { results } = decideRound('catchment', list, new Map(), SEED)
    expect(Object.fromEntries(results.map(({ child, reason }) => [child, reason]))).toEqual({ a: 'no-school', b: 'no-seat' })
  })
})

describe('a draw', () => {
  it('gives each of ten children about the same chance over two thousand seeds', () => {
    const list = canonicalList(Array.from({ length: 10 }, (_, n) => ({ unit: `c${n}`, members: [`c${n}`], schools: ['north'] })))
    const wins = new Map<string, number>()
    for (let n = 0; n < 2_000; n += 1) {
      const { results } = decideRound('lottery', list, new Map([['north', 3]]), sha256Hex(String(n)))
      for (const { child, outcome } of results) if (outcome === 'admitted') wins.set(child, (wins.get(child) ?? 0) + 1)
    }
    // 600 expected with a standard deviation of 20.5; five of them either way.
    for (const count of wins.values()) expect(Math.abs(count - 600)).toBeLessThan(103)
    expect(wins.size).toBe(10)
  })

  it('takes a ticket anyone can compute: SHA-256 of the seed’s bytes and the unit', () => {
    expect(ticketOf('00ff', 'c1')).toBe(sha256Hex(Buffer.from([0x00, 0xff, 0x63, 0x31])))
  })
})
