import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isSigned, randomnessOf } from './beacon.js'
import { RECORDED_ROUNDS } from './beacon.fixture.js'
import { DRAND_CHAINS, firstRoundAfter, roundInstant } from './chains.js'

const { default: chained, quicknet } = DRAND_CHAINS

describe('a round of drand', () => {
  it.each(RECORDED_ROUNDS)('is signed by its network: $chain $round', ({ chain, randomness, ...beacon }) => {
    expect(isSigned(DRAND_CHAINS[chain], beacon)).toBe(true)
    expect(randomnessOf(beacon.signature)).toBe(randomness)
  })

  it.each(RECORDED_ROUNDS)('is no other round, and no other signature is it: $chain $round', ({ chain, randomness: _randomness, ...beacon }) => {
    const network = DRAND_CHAINS[chain]
    const other = RECORDED_ROUNDS.find((one) => one.chain === chain && one.round !== beacon.round)!
    expect(isSigned(network, { ...beacon, round: beacon.round + 1 })).toBe(false)
    expect(isSigned(network, { ...beacon, signature: other.signature })).toBe(false)
    expect(isSigned(network, { ...beacon, signature: flipped(beacon.signature) })).toBe(false)
    expect(isSigned(network, { ...beacon, signature: 'ff'.repeat(beacon.signature.length / 2) })).toBe(false)
    if (beacon.previousSignature !== undefined) expect(isSigned(network, { ...beacon, previousSignature: flipped(beacon.previousSignature) })).toBe(false)
  })

  it('of one network is none of the other', () => {
    const [one] = RECORDED_ROUNDS.filter(({ chain }) => chain === 'quicknet')
    expect(isSigned(chained, one!)).toBe(false)
    expect(isSigned({ scheme: 'bls-unchained-g1-rfc9380', publicKey: flipped(quicknet.publicKey) }, one!)).toBe(false)
  })
})

describe('the networks', () => {
  // As drand/drand computes it (`common/chain/info.go`): the group's hash and the name from drand/drand-client, `lib/defaults.ts`.
  it.each([
    [chained, '176f93498eac9ca337150b46d21dd58673ea4e3581185f869672e59fa4cb390a', ''],
    [quicknet, 'f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e', 'quicknet'],
  ])('have the key, genesis and period of which their hash is made: $chain', ({ chain, publicKey, genesis, period }, group, name) => {
    const times = Buffer.alloc(12)
    times.writeUInt32BE(period)
    times.writeBigInt64BE(BigInt(genesis), 4)
    expect(createHash('sha256').update(times).update(publicKey, 'hex').update(group, 'hex').update(name).digest('hex')).toBe(chain)
  })

  it('tell when a round comes, and which is the first after an instant', () => {
    expect(roundInstant(quicknet, 1)).toBe('2023-08-23T15:09:27.000Z')
    expect(roundInstant(quicknet, 1_000)).toBe('2023-08-23T15:59:24.000Z')
    expect(firstRoundAfter(quicknet, '2023-08-23T15:59:23.999Z')).toBe(1_000)
    expect(firstRoundAfter(quicknet, '2023-08-23T15:59:24.000Z')).toBe(1_001)
    expect(firstRoundAfter(chained, roundInstant(chained, 500))).toBe(501)
  })
})

const flipped = (hex: string): string => hex.slice(0, -1) + (Number.parseInt(hex.at(-1)!, 16) ^ 1).toString(16)
