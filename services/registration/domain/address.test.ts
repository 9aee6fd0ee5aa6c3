import { describe, expect, it } from 'vitest'
import { normaliseAddress } from '../../../platform/crypto.js'
import { addressLine, liesIn, zoneOf, type Address } from './address.js'
import type { Zone } from './zones.js'

const at = (over: Partial<Address> = {}): Address => ({ district: 'd1', street: '东街', number: 7, room: '', ...over })
const zone = (id: string, ...addresses: Zone['addresses']): Zone => ({ id, district: 'd1', schools: ['s'], addresses })

describe('an address', () => {
  it('keeps its parts apart when punctuation is folded', () => {
    const [one, other] = [at({ number: 1, room: '23' }), at({ number: 12, room: '3' })].map((address) => normaliseAddress(addressLine(address)))
    expect(one).not.toBe(other)
    expect(normaliseAddress(addressLine(at({ street: '东 街', room: 'ａ-1' })))).toBe(normaliseAddress(addressLine(at({ room: 'A1' }))))
  })

  it('lies in the zone whose rule covers its street, number and side', () => {
    const zones = [
      zone('low', { district: 'd1', street: '东街', to: 99, parity: 'odd' }),
      zone('even', { district: 'd1', street: '东街', parity: 'even' }),
      zone('high', { district: 'd1', street: '东街', from: 101, parity: 'odd' }, { district: 'd1', street: '西街' }),
    ]
    expect(zoneOf(zones, at())).toBe('low')
    expect(zoneOf(zones, at({ number: 8 }))).toBe('even')
    expect(zoneOf(zones, at({ number: 101 }))).toBe('high')
    expect(zoneOf(zones, at({ street: '西街', number: 5_000 }))).toBe('high')
    expect(zoneOf(zones, at({ number: 99, street: ' 东街' }))).toBe('low')
  })

  it('lies in a place if one of its rules covers it', () => {
    const place = { id: 'old-town', addresses: [{ district: 'd1', street: '西街' }, { district: 'd1', street: '东街', to: 9 }] }
    expect([at(), at({ street: '西街', number: 90 }), at({ number: 11 }), at({ district: 'd2' })].map((address) => liesIn(place, address))).toEqual([true, true, false, false])
    expect(liesIn(undefined, at())).toBe(false)
  })

  it('lies in no zone where no rule covers it', () => {
    expect(zoneOf([zone('low', { district: 'd1', street: '东街', to: 5 })], at())).toBeNull()
    expect(zoneOf([zone('low', { district: 'd2', street: '东街' })], at())).toBeNull()
  })
})
