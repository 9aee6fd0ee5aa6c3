import { describe, expect, it } from 'vitest'
import type { RoundFile } from '../../../../../contracts/rounds.js'
import { openMarket } from './open-market.js'
import { roundOf } from './round.fixture.js'
import { SeatCount } from './seats.js'

describe('counting seats', () => {
  const round: RoundFile = {
    ...roundOf({}, {}),
    schools: [{ id: 's1', plan: 3, classes: [{ id: 'contract', seats: 2 }] }],
    applicants: [
      { id: 'a', choices: ['s1'] }, { id: 'b', choices: ['s1'], class: 'contract' },
      ...['x', 'y', 'z'].map((id) => ({ id, choices: ['s1'], unit: 't', class: 'contract' })), { id: 'c', choices: ['s1'] },
    ],
    orders: { default: { kind: 'listed', ids: ['a', 'b', 'x', 'y', 'z', 'c'] } },
  }
  const { market } = openMarket(round, undefined)
  const [a, b, twins, c] = [0, 1, 2, 3] as const

  it('counts own seats for their class, and the others as open', () => {
    const seats = new SeatCount(market, 0, [a, b, twins])
    expect(seats.inReach(a)).toBe(1)
    seats.take(a)
    expect(seats.inReach(b)).toBe(1)
    seats.take(b)
    expect([seats.ownFor(twins), seats.inReach(twins)]).toEqual([1, 1])
  })

  it('has own seats that the class does not need open to everyone', () => {
    expect(new SeatCount(market, 0, [a, c]).inReach(a)).toBe(3)
    expect(new SeatCount(market, 0, [a, b, c]).inReach(a)).toBe(2)
  })

  it('tells a newcomer what it would find, own seats that would then be needed among it, and none twice', () => {
    const seats = new SeatCount(market, 0, [a])
    expect(seats.inReachOfNewcomer(twins)).toBe(3)
    seats.take(a)
    expect(seats.inReachOfNewcomer(twins)).toBe(2)
    expect(seats.inReachOfNewcomer(c)).toBe(2)
  })

  it('has never more in reach than there are seats left', () => {
    const seats = new SeatCount(market, 0, [twins], [2], 1)
    expect(seats.inReach(twins)).toBe(1)
  })
})
