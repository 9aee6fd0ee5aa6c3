import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../../../platform/crypto.js'
import { inclusionPath, isIncluded, leafOf, rootOf } from './merkle.js'

const lines = fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 70 })
const linesAndIndex = fc.uniqueArray(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 70 }).chain((all) => fc.tuple(fc.constant(all), fc.nat(all.length - 1)))

/** The definition of RFC 6962, 2.1, as it stands there. */
function rootByDefinition(leaves: readonly string[]): string {
  if (leaves.length < 2) return leaves[0] ?? sha256Hex('')
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return sha256Hex(Buffer.concat([Buffer.of(1), ...[leaves.slice(0, k), leaves.slice(k)].map((half) => Buffer.from(rootByDefinition(half), 'hex'))]))
}

describe('the Merkle tree', () => {
  it('is that of RFC 6962', () => {
    fc.assert(fc.property(lines, (all) => {
      const leaves = all.map(leafOf)
      expect(leaves).toEqual(all.map((line) => sha256Hex(Buffer.concat([Buffer.of(0), Buffer.from(line)]))))
      expect(rootOf(leaves)).toBe(rootByDefinition(leaves))
    }))
  })

  it('has the reference roots of Certificate Transparency', () => {
    // As in the tests of github.com/google/certificate-transparency.
    const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
    const leaves = inputs.map((input) => leafOf(Buffer.from(input, 'hex').toString('ascii')))
    expect([0, ...inputs.keys()].map((_, count) => rootOf(leaves.slice(0, count)))).toEqual([
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ])
  })

  it('shows of every line that it is in', () => {
    fc.assert(fc.property(linesAndIndex, ([all, index]) => {
      const leaves = all.map(leafOf)
      expect(isIncluded({ leaf: leaves[index]!, index, count: leaves.length, path: inclusionPath(leaves, index), root: rootOf(leaves) })).toBe(true)
    }))
  })

  it('shows it of no other line, no other place, no other number of lines and by no other path', () => {
    fc.assert(fc.property(linesAndIndex, fc.string({ unit: 'grapheme' }), fc.nat(), ([all, index], other, at) => {
      const leaves = all.map(leafOf)
      const proof = { leaf: leaves[index]!, index, count: leaves.length, path: inclusionPath(leaves, index), root: rootOf(leaves) }
      fc.pre(!all.includes(other))
      expect(isIncluded({ ...proof, leaf: leafOf(other) })).toBe(false)
      expect(isIncluded({ ...proof, index: leaves.length + at })).toBe(false)
      expect(isIncluded({ ...proof, path: [...proof.path, leafOf(other)] })).toBe(false)
      if (proof.path.length > 0) {
        expect(isIncluded({ ...proof, path: proof.path.with(at % proof.path.length, leafOf(other)) })).toBe(false)
        expect(isIncluded({ ...proof, path: proof.path.slice(1) })).toBe(false)
        expect(isIncluded({ ...proof, index: index ^ 1 })).toBe(false)
      }
    }))
  })
})
