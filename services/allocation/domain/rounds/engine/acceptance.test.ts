import { describe, expect, it } from 'vitest'
import type { RoundFile } from '../../../../../contracts/rounds.js'
import { acceptDeferred } from './acceptance.js'
import { NONE } from './market.js'
import { openMarket } from './open-market.js'
import { roundOf } from './round.fixture.js'

/** Who is kept by the school s1 of two seats, if nobody is passed over. Who is late comes to it from another school. */
function kept(classes: RoundFile['schools'][number]['classes'], ...applicants: [id: string, unit?: string, className?: string][]): string[] {
  const round: RoundFile = {
    ...roundOf({}, {}),
    schools: [{ id: 's1', plan: 2, ...(classes && { classes }) }, { id: 'full', plan: 0 }],
    applicants: applicants.map(([id, unit, className]) => ({ id, choices: id.startsWith('late') ? ['full', 's1'] : ['s1'], ...(unit && { unit }), ...(className && { class: className }) })),
    orders: { default: { kind: 'listed', ids: applicants.map(([id]) => id) } },
  }
  const { market, claimants } = openMarket(round, undefined)
  const held = acceptDeferred(market, new Uint8Array(market.claimantOf.length))
  return claimants.flatMap((members, claimant) => (held[claimant] === NONE ? [] : members.map(({ id }) => id)))
}

describe('deferred acceptance', () => {
  it('keeps the best claims', () => expect(kept(undefined, ['a'], ['b'], ['c'])).toEqual(['a', 'b']))

  it('gives no open seat behind a unit for which the seats did not suffice', () => {
    expect(kept(undefined, ['a'], ['x', 't'], ['y', 't'], ['z'])).toEqual(['a'])
  })

  it('does so whenever a claim comes', () => {
    expect(kept(undefined, ['a'], ['x', 't'], ['y', 't'], ['late z'])).toEqual(['a'])
  })

  it('keeps the own seats that a refused unit would have taken', () => {
    const classes = [{ id: 'contract', seats: 1 }]
    expect(kept(classes, ['a'], ['x', 't', 'contract'], ['y', 't', 'contract'], ['z', undefined, 'contract'])).toEqual(['a'])
  })

  it('gives own seats behind such a unit to other classes', () => {
    const classes = [{ id: 'contract', seats: 1 }]
    expect(kept(classes, ['a'], ['x', 't'], ['y', 't'], ['z', undefined, 'contract'])).toEqual(['a', 'z'])
  })

  it('gives them so to a claim that comes after others were refused', () => {
    const classes = [{ id: 'contract', seats: 1 }]
    expect(kept(classes, ['a'], ['b'], ['c'], ['late z', undefined, 'contract'])).toEqual(['a', 'late z'])
  })
})
