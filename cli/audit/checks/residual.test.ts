import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideResidual } from '../../../services/allocation/domain/rounds/residual/near-home.js'
import { RESIDUAL_FORMAT, type ResidualFile } from '../../../contracts/residual.js'
import { placedByTicket } from './placed-by-ticket.js'
import { residualFaults } from './residual.js'
import { leastTotal } from './shortest.js'

const location = fc.option(fc.record({ x: fc.integer({ min: -300, max: 300 }), y: fc.integer({ min: -300, max: 300 }) }), { nil: undefined, freq: 4 })
const except = fc.option(fc.subarray(['s0', 's1', 's2', 's3']), { nil: undefined })
const rounds: fc.Arbitrary<ResidualFile> = fc.record({
  schools: fc.array(fc.record({ seats: fc.nat(3), location }), { maxLength: 4 }).map((all) => all.map((one, n) => ({ id: `s${n}`, ...one }))),
  children: fc.array(fc.record({ location, except }), { maxLength: 8 }).map((all) => all.map((one, n) => ({ id: `c${n}`, ...one }))),
  seed: fc.nat(1_000).map((n) => n.toString(16).padStart(4, '0')),
}).map((round) => ({ format: RESIDUAL_FORMAT, id: 'season/round/1', ...round }))

/** Every way to give each row a column of its own. */
function leastByHand(cost: number[][], taken: number[] = []): number {
  const [first, ...rest] = cost
  if (!first) return 0
  return Math.min(...first.flatMap((metres, column) => (taken.includes(column) ? [] : [metres + leastByHand(rest, [...taken, column])])))
}

/** Whether each child has a seat: of all ways to give seats, the one that seats the first if any does, then the next. */
function firstSeatedByHand([first, ...rest]: boolean[][], seats: number[]): boolean[] {
  if (!first) return []
  const ways = first.flatMap((isOpen, school) => (isOpen && seats[school]! > 0 ? [[true, ...firstSeatedByHand(rest, seats.with(school, seats[school]! - 1))]] : []))
  return [...ways, [false, ...firstSeatedByHand(rest, seats)]].sort((a, b) => (b.join() < a.join() ? -1 : 1))[0]!
}

describe('the audit of a residual round', () => {
  it('finds nothing wrong with what the engine proposes', () => {
    fc.assert(fc.property(rounds, (round) => {
      expect(residualFaults(round, decideResidual(round).file.proposals)).toEqual([])
    }), { numRuns: 2_000 })
  })

  const round: ResidualFile = {
    format: RESIDUAL_FORMAT, id: 'season/round/1', seed: '00',
    schools: [{ id: 's1', seats: 1, location: { x: 0, y: 0 } }, { id: 's2', seats: 1, location: { x: 300, y: 400 } }, { id: 's3', seats: 1 }],
    children: [{ id: 'a', location: { x: 0, y: 0 } }, { id: 'b', location: { x: 300, y: 400 } }],
  }
  const proposed = (a: [string | null, number | null], b: [string | null, number | null]) => [{ child: 'a', school: a[0], metres: a[1] }, { child: 'b', school: b[0], metres: b[1] }]

  it.each<[string, ReturnType<typeof proposed>, RegExp]>([
    ['a child is missing', proposed(['s1', 0], ['s2', 0]).slice(1), /one for each child/],
    ['a way is said to be another', proposed(['s1', 5], ['s2', 0]), /another way/],
    ['a school has too many', proposed(['s1', 0], ['s1', 500]), /too many/],
    ['a nearer seat is free', proposed(['s1', 0], ['s3', null]), /s2 is nearer to b/],
    ['a child is left out where there are seats', proposed(['s1', 0], [null, null]), /b should have a seat/],
    ['two should change places', proposed(['s2', 500], ['s1', 500]), /less distance/],
  ])('finds that %s', (_what, proposals, fault) => {
    expect(residualFaults(round, proposals).join('\n')).toMatch(fault)
  })

  it('finds that a school is not for a child, and takes no free seat there for a nearer one', () => {
    const [a, b] = round.children
    const excepting = { ...round, children: [{ ...a!, except: ['s1'] }, b!] }
    expect(residualFaults(excepting, proposed(['s1', 0], ['s2', 0]))).toEqual(['s1 is not for a'])
    expect(residualFaults(excepting, proposed(['s3', null], ['s2', 0]))).toEqual(['its children can be placed with less distance in total'])
    expect(residualFaults(excepting, proposed(['s2', 500], ['s1', 500]))).toEqual([])
    expect(residualFaults({ ...excepting, children: [{ ...a!, except: ['s1', 's2', 's3'] }, b!] }, proposed([null, null], ['s2', 0]))).toEqual([])
  })

  it('seats as many as trying every way does, the first before the next', () => {
    const cases = fc.record({ seats: fc.array(fc.nat(2), { minLength: 3, maxLength: 3 }), may: fc.array(fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), { maxLength: 6 }) })
    fc.assert(fc.property(cases, ({ seats, may }) => {
      const children = may.map((_, n) => `c${n}`)
      const placed = placedByTicket(children, seats.map((count, n) => ({ id: `s${n}`, seats: count })), (child, school) => may[Number(child.slice(1))]![Number(school.slice(1))]!)
      expect(children.map((child) => placed.has(child))).toEqual(firstSeatedByHand(may, seats))
    }), { numRuns: 1_000 })
  })

  it('computes the least total as trying every way does', () => {
    const costs = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.nat(2)).chain(([rows, more]) =>
      fc.array(fc.array(fc.nat(20), { minLength: rows + more, maxLength: rows + more }), { minLength: rows, maxLength: rows }))
    fc.assert(fc.property(costs, (cost) => {
      expect(leastTotal(cost)).toBe(leastByHand(cost))
    }), { numRuns: 1_000 })
  })
})
