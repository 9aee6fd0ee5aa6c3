import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideRound, METHODS } from '../../../services/allocation/domain/rounds/decide.js'
import { canonicalList, listHash } from '../../../services/allocation/domain/rounds/list.js'
import { decideAgain, hashOf } from './rounds.js'

const SCHOOLS = ['north', 'south', 'west']
const units = fc
  .array(fc.record({ twins: fc.boolean(), schools: fc.uniqueArray(fc.constantFrom(...SCHOOLS), { maxLength: 3 }) }), { maxLength: 40 })
  .map((kinds) => kinds.map(({ twins, schools }, n) => ({ unit: twins ? `u${n}` : `c${n}`, members: twins ? [`c${n}`, `d${n}`] : [`c${n}`], schools })))
const seats = fc.tuple(fc.nat(12), fc.nat(12), fc.nat(12)).map((counts) => new Map(SCHOOLS.map((school, n) => [school, counts[n]!])))
const seed = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'))

describe('the audit’s second implementation of a round', () => {
  it('comes to the places of the first from the record alone', () => {
    fc.assert(fc.property(fc.constantFrom(...METHODS), units, seats, seed, (method, list, capacity, drawn) => {
      const { results, runs } = decideRound(method, list, capacity, drawn)
      const again = decideAgain(method, list, new Map(runs.map((run) => [run.school, run.seats])), drawn)
      expect(again.unknown.size).toBe(0)
      expect(again.lines).toEqual(new Map(results.map((result) => [result.child, `${result.ticket} ${result.outcome} ${result.school ?? ''}`])))
    }))
  })

  it('comes to the same hash of a list, whatever its order', () => {
    fc.assert(fc.property(units, (list) => {
      expect(hashOf([...list].reverse())).toBe(listHash(canonicalList(list)))
    }))
  })

  it('says which school’s seats the record lacks', () => {
    const list = [{ unit: 'c1', members: ['c1'], schools: ['north', 'south'] }]
    expect([...decideAgain('lottery', list, new Map([['north', 0]]), 'ab').unknown]).toEqual(['south'])
  })
})
