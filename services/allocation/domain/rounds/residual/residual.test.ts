import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Proposal } from '../../../../../contracts/residual.js'
import { ticketOf } from '../ticket.js'
import { checkResidual, RESIDUAL_PROPERTIES } from './check-residual.js'
import { placeResidual, type Residual } from './residual.js'

const RUNS = { numRuns: 2_000 }
const tickets = (seed: string) => (child: string) => ticketOf(seed, child)
const seeds = fc.nat(1_000).map((n) => n.toString(16).padStart(4, '0'))
const SCHOOLS = ['s1', 's2', 's3']

/** Few seats, and distances of which many are equal; a school may be out of reach. */
const residuals: fc.Arbitrary<Residual> = fc.record({
  schools: fc.tuple(...SCHOOLS.map((id) => fc.nat(3).map((seats) => ({ id, seats })))),
  children: fc
    .array(fc.dictionary(fc.constantFrom(...SCHOOLS), fc.nat(3), { noNullPrototype: true }), { maxLength: 5 })
    .map((all) => all.map((metres, n) => ({ id: `c${n}`, metres }))),
})

const schoolsOf = (proposals: readonly Proposal[]) => Object.fromEntries(proposals.map(({ child, school }) => [child, school]))

/** Every placement there is; the best is told by comparing them as the rule says, word for word. */
function bestByHand({ schools, children }: Residual, seed: string): Record<string, string | null> {
  const byTicket = [...children].sort((a, b) => (ticketOf(seed, a.id) < ticketOf(seed, b.id) ? -1 : 1))
  const all = byTicket.reduce<(string | null)[][]>((some, { metres }) => some.flatMap((one) => [...Object.keys(metres), null].map((school) => [...one, school])), [[]])
  const possible = all.filter((one) => schools.every(({ id, seats }) => one.filter((school) => school === id).length <= seats))
  const metresOf = (one: (string | null)[]) => one.map((school, n) => (school === null ? 0 : byTicket[n]!.metres[school]!))
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
  const compared = (a: (string | null)[], b: (string | null)[]): number => {
    const placed = a.findIndex((school, n) => (school === null) !== (b[n] === null))
    if (placed >= 0) return a[placed] === null ? 1 : -1
    if (sum(metresOf(a)) !== sum(metresOf(b))) return sum(metresOf(a)) - sum(metresOf(b))
    const other = a.findIndex((school, n) => school !== b[n])
    return other < 0 ? 0 : metresOf(a)[other]! - metresOf(b)[other]! || (a[other]! < b[other]! ? -1 : 1)
  }
  const best = possible.reduce((better, one) => (compared(one, better) < 0 ? one : better))
  return Object.fromEntries(byTicket.map(({ id }, n) => [id, best[n]!]))
}

describe('residual placement', () => {
  it('is the best of all placements: as many as can be by ticket, least distance in total, ties by ticket', () => {
    fc.assert(fc.property(residuals, seeds, (residual, seed) => {
      expect(schoolsOf(placeResidual(residual, tickets(seed)))).toEqual(bestByHand(residual, seed))
    }), RUNS)
  })

  it('has every property by its own check', () => {
    fc.assert(fc.property(residuals, seeds, (residual, seed) => {
      expect(checkResidual(residual, placeResidual(residual, tickets(seed)), tickets(seed))).toEqual([])
    }), RUNS)
  })

  it('is the same whatever the order of children and schools', () => {
    fc.assert(fc.property(residuals, seeds, (residual, seed) => {
      const reversed = { schools: residual.schools.toReversed(), children: residual.children.toReversed() }
      expect(placeResidual(reversed, tickets(seed))).toEqual(placeResidual(residual, tickets(seed)))
    }), RUNS)
  })

  it('leaves no seat free that cost others metres, to bring an earlier ticket nearer', () => {
    const residual: Residual = {
      schools: ['s1', 's3', 's4'].map((id) => ({ id, seats: 2 })),
      children: [{ s1: 1, s4: 1 }, { s1: 2, s4: 2 }, { s1: 1, s3: 2 }, { s4: 0 }, { s1: 1, s3: 2 }].map((metres, n) => ({ id: `c${n}`, metres: metres as unknown as Record<string, number> })),
    }
    const proposals = placeResidual(residual, (child) => child)
    expect(schoolsOf(proposals)).toEqual({ c0: 's1', c1: 's4', c2: 's1', c3: 's4', c4: 's3' })
    expect(checkResidual(residual, proposals, (child) => child)).toEqual([])
  })

  it('gives each proposal its reason', () => {
    const residual: Residual = {
      schools: [{ id: 's1', seats: 1 }, { id: 's2', seats: 1 }],
      children: [{ id: 'a', metres: { s1: 100, s2: 900 } }, { id: 'b', metres: { s1: 200, s2: 300 } }, { id: 'c', metres: {} }],
    }
    expect(placeResidual(residual, tickets('00'))).toEqual([
      { child: 'a', school: 's1', metres: 100, reason: 'nearest', nearer: [] },
      { child: 'b', school: 's2', metres: 300, reason: 'nearer-full', nearer: ['s1'] },
      { child: 'c', school: null, metres: null, reason: 'no-school', nearer: [] },
    ])
    const [, noSeat] = placeResidual({ schools: [{ id: 's1', seats: 1 }], children: ['a', 'b'].map((id) => ({ id, metres: { s1: 1 } })) }, (child) => (child === 'a' ? '0' : '1'))
    expect(noSeat).toEqual({ child: 'b', school: null, metres: null, reason: 'no-seat', nearer: ['s1'] })
  })

  it('leaves out whoever has the later ticket, and not whoever lives farther away', () => {
    const far: Residual = { schools: [{ id: 's1', seats: 1 }], children: [{ id: 'far', metres: { s1: 9_000 } }, { id: 'near', metres: { s1: 10 } }] }
    expect(schoolsOf(placeResidual(far, (child) => (child === 'far' ? '0' : '1')))).toEqual({ far: 's1', near: null })
  })

  it.each([[-1], [0.5], [Number.NaN]])('refuses a distance of %d', (metres) => {
    expect(() => placeResidual({ schools: [{ id: 's1', seats: 1 }], children: [{ id: 'a', metres: { s1: metres } }] }, tickets('00'))).toThrow(/whole number/)
  })

  it('refuses two children with one ticket', () => {
    expect(() => placeResidual({ schools: [], children: ['a', 'b'].map((id) => ({ id, metres: {} })) }, () => '0')).toThrow(/ticket/)
  })
})

describe('the properties of residual placements', () => {
  it('stand in docs/rounds.md word for word', async () => {
    const text = (await readFile(new URL('../../../../../docs/rounds.md', import.meta.url), 'utf8')).replaceAll(/\s+/g, ' ')
    for (const sentence of Object.values(RESIDUAL_PROPERTIES)) expect(text).toContain(sentence)
  })

  const residual: Residual = {
    schools: [{ id: 's1', seats: 1 }, { id: 's2', seats: 1 }, { id: 's3', seats: 1 }],
    children: [{ id: 'a', metres: { s1: 100, s2: 900 } }, { id: 'b', metres: { s1: 200, s2: 300 } }, { id: 'd', metres: { s1: 5 } }, { id: 'e', metres: { s2: 1, s3: 2 } }],
  }
  const order = (child: string) => child
  const sound = placeResidual(residual, order)
  const changed = (schools: Record<string, string | null>) => sound.map((proposal): Proposal => {
    const school = schools[proposal.child] === undefined ? proposal.school : schools[proposal.child]!
    return { ...proposal, school, metres: school === null ? null : residual.children.find(({ id }) => id === proposal.child)!.metres[school]! }
  })
  const violated = (proposals: Proposal[]) => checkResidual(residual, proposals, order).map(({ property }) => property)

  it('hold of a sound placement', () => {
    expect(schoolsOf(sound)).toEqual({ a: 's1', b: 's2', d: null, e: 's3' })
    expect(violated(sound)).toEqual([])
  })

  it.each<[keyof typeof RESIDUAL_PROPERTIES, string, Proposal[]]>([
    ['complete', 'a child is missing', sound.slice(1)],
    ['complete', 'a school cannot take the child', changed({ d: 's3' })],
    ['seats', 'a school has too many', changed({ d: 's1' })],
    ['nearer', 'a seat is free nearby', changed({ b: null, a: 's2', e: 's3', d: null })],
    ['shortest', 'two should change places', changed({ a: 's2', b: 's1' })],
    ['tickets', 'a later ticket has a place', changed({ a: null, d: 's1' })],
    ['tickets', 'a seat stays free', changed({ e: null })],
  ])('are found broken: «%s» where %s', (property, _what, proposals) => expect(violated(proposals)).toContain(property))

  it('are found broken where one child moved on to a free seat would make room for another', () => {
    const chain: Residual = {
      schools: ['s1', 's2', 's3'].map((id) => ({ id, seats: 1 })),
      children: [{ id: 'a', metres: { s1: 1, s3: 100 } }, { id: 'b', metres: { s1: 5, s2: 6 } }],
    }
    const proposal = (child: string, school: string, metres: number): Proposal => ({ child, school, metres, reason: 'nearest', nearer: [] })
    expect(checkResidual(chain, [proposal('a', 's3', 100), proposal('b', 's1', 5)], order).map(({ property }) => property)).toEqual(['shortest'])
  })
})
