import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../../../platform/crypto.js'
import { allocate } from './engine/allocate.js'
import { roundOf } from './engine/round.fixture.js'
import { ticketOf } from './ticket.js'

describe('a ticket', () => {
  it('is one anyone can compute: SHA-256 of the seed’s bytes and the unit', () => {
    expect(ticketOf('00ff', 'c1')).toBe(sha256Hex(Buffer.from([0x00, 0xff, 0x63, 0x31])))
  })

  it('gives each of ten children about the same chance over two thousand seeds', () => {
    const children = Array.from({ length: 10 }, (_, n) => `c${n}`)
    const round = roundOf({ north: 3 }, Object.fromEntries(children.map((child) => [child, ['north']])), { orders: { default: { kind: 'lottery' } } })
    const wins = new Map(children.map((child) => [child, 0]))
    for (let n = 0; n < 2_000; n += 1) {
      for (const { applicant, school } of allocate({ ...round, seed: sha256Hex(String(n)) }).assignments) {
        if (school !== null) wins.set(applicant, wins.get(applicant)! + 1)
      }
    }
    // 600 expected with a standard deviation of 20.5; five of them either way.
    for (const count of wins.values()) expect(Math.abs(count - 600)).toBeLessThan(103)
  })
})
