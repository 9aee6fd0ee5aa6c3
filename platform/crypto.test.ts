import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressToken, base32, canonicalJson, opaqueId, sha256Hex } from './crypto.js'

const KEY = 'a key that is long enough for tests'

describe('an opaque id', () => {
  it('is its kind and 25 base-32 characters, the same for the same parts and key', () => {
    const id = opaqueId('c', KEY, 'changchun-2022', '999999201505120012')
    expect(id).toMatch(/^c[a-z2-7]{25}$/)
    expect(opaqueId('c', KEY, 'changchun-2022', '999999201505120012')).toBe(id)
  })

  it('is another one for another key, kind, or way to divide the parts', () => {
    const ids = [
      opaqueId('c', KEY, 'ab', 'c'), opaqueId('c', KEY, 'a', 'bc'), opaqueId('c', KEY, 'abc'),
      opaqueId('g', KEY, 'ab', 'c'), opaqueId('c', `${KEY}!`, 'ab', 'c'),
    ].map((id) => id.slice(1))
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('an address token', () => {
  it('is equal for spellings that differ in width, case, spaces and punctuation', () => {
    const token = addressToken(KEY, '朝阳区 人民大街 12-3号 A座')
    expect(addressToken(KEY, '朝阳区人民大街123号a座')).toBe(token)
    expect(addressToken(KEY, '朝阳区，人民大街　12-3号 Ａ座')).toBe(token)
    expect(addressToken(KEY, '朝阳区人民大街124号a座')).not.toBe(token)
  })
})

describe('canonical JSON', () => {
  it('is the same whatever the order of the keys, and reads back as the same value', () => {
    const shuffled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffled)
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(Object.entries(value).reverse().map(([key, member]) => [key, shuffled(member)]))
    }
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value))
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }))
  })

  it('leaves out what is undefined', () => {
    expect(canonicalJson({ b: 1, a: undefined, c: [undefined] })).toBe('{"b":1,"c":[null]}')
  })
})

describe('base 32', () => {
  it('agrees with RFC 4648', () => {
    expect(base32(Buffer.from('fooba'), 8)).toBe('mzxw6ytb')
  })
})

it('SHA-256 agrees with FIPS 180', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})
