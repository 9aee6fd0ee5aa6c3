import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UNIT_OVERFLOWS } from '../../../contracts/rounds.js'
import type { RoundOrder } from '../../../policies/language.js'
import type { TimelinePhaseOf } from '../../../policies/timeline.js'
import { childResults } from '../../../services/allocation/domain/rounds/decide.js'
import { allocate } from '../../../services/allocation/domain/rounds/engine/allocate.js'
import { canonicalList, listHash } from '../../../services/allocation/domain/rounds/list.js'
import { roundFileOf } from '../../../services/allocation/domain/rounds/round-file.js'
import type { RoundUnit } from '../../../services/allocation/domain/rounds/unit.js'
import { decideAgain, hashOf, type UnitRow } from './rounds.js'

const SCHOOLS = ['north', 'south', 'west']
const ORDER: RoundOrder[] = [{ rule: 'near' }, { fact: 'bought', first: 'earliest' }, { fact: 'points', first: 'highest' }]
const keys = fc.record({
  'near.unmet': fc.nat(1), 'bought.unknown': fc.constant(0), bought: fc.constantFrom('2019-03-01', '2021-10-09'), 'points.unknown': fc.nat(1), 'points.hundredths': fc.nat(2),
}).map((all) => ({ ...all, 'points.hundredths': all['points.unknown'] === 1 ? 0 : all['points.hundredths'] }))
/** Twins may have been registered at one instant. */
const registeredAt = fc.constantFrom('2023-06-01T00:00:00.000Z', '2023-06-02T00:00:00.000Z')
const kinds = fc.array(fc.record({ twins: fc.boolean(), schools: fc.uniqueArray(fc.constantFrom(...SCHOOLS), { maxLength: 3 }), keys: fc.tuple(keys, keys), registered: fc.tuple(registeredAt, registeredAt) }), { maxLength: 40 })
const listOf = (isOrdered: boolean): fc.Arbitrary<RoundUnit[]> => kinds.map((all) =>
  canonicalList(all.map(({ twins, schools, keys: own, registered }, n) => {
    const members = twins ? [`c${n}`, `d${n}`] : [`c${n}`]
    return { unit: twins ? `u${n}` : `c${n}`, members, schools, ...((isOrdered || twins) && { keys: Object.fromEntries(members.map((member, at) => [member, { ...(isOrdered && own[at]), ...(twins && { registeredAt: registered[at]! }) }])) }) }
  })))
const list = fc.boolean().chain(listOf)
const asRows = (units: readonly RoundUnit[]): UnitRow[] => units.map((unit) => ({ ...unit, keys: unit.keys ?? null }))
const seats = fc.tuple(fc.nat(12), fc.nat(12), fc.nat(12)).map((counts) => new Map(SCHOOLS.map((school, n) => [school, counts[n]!])))
const seed = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'))

describe('the audit’s second implementation of a round', () => {
  it('comes to the places of the first from the record alone', () => {
    fc.assert(fc.property(fc.constantFrom('direct', 'catchment', 'lottery', 'ranked'), fc.constantFrom(...UNIT_OVERFLOWS), list, seats, seed, (method, lastSeat, units, capacity, drawn) => {
      const order = units.some(({ keys: all = {} }) => Object.values(all).some((own) => 'near.unmet' in own)) ? ORDER : []
      const phase = { id: 'round', method, order, lastSeat } as unknown as TimelinePhaseOf<'round'>
      const round = { ...roundFileOf(phase, units, { id: 's', seats: capacity }), seed: drawn }
      const again = decideAgain({ order, oneSchoolFirst: method === 'catchment', lastSeat }, asRows(units), capacity, drawn)
      expect(again.unknown.size).toBe(0)
      const results = childResults(round, allocate(round))
      expect(again.lines).toEqual(new Map(results.map((result) => [result.child, `${result.ticket} ${result.outcome} ${result.school ?? ''}${result.reason === 'over-plan' ? ' over-plan' : ''}`])))
    }))
  })

  it('comes to the same hash of a list, whatever its order', () => {
    fc.assert(fc.property(list, (units) => {
      expect(hashOf(asRows(units).reverse())).toBe(listHash(units))
    }))
  })

  it('says which school’s seats the record lacks', () => {
    const units = [{ unit: 'c1', members: ['c1'], schools: ['north', 'south'], keys: null }]
    expect([...decideAgain({ order: [], oneSchoolFirst: false, lastSeat: 'skip' }, units, new Map([['north', 0]]), 'ab').unknown]).toEqual(['south'])
  })
})
