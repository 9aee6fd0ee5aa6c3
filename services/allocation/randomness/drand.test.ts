import { afterEach, describe, expect, it } from 'vitest'
import type { CommitStep, DrandSource, FreezeStep } from '../../../contracts/draw.js'
import { RECORDED_ROUNDS } from '../domain/draw/beacon.fixture.js'
import { DRAND_CHAINS, roundInstant } from '../domain/draw/chains.js'
import { RandomnessNotYet, RandomnessUntrue } from '../domain/draw/source.js'
import { simulateRelay, type Behaviour, type SimulatedRelay } from './drand.fixture.js'
import { drandSource } from './drand.js'

const relays: SimulatedRelay[] = []
afterEach(() => {
  for (const relay of relays.splice(0)) relay.close()
})

async function relayed(behaviours: Behaviour[], chain: keyof typeof DRAND_CHAINS = 'quicknet') {
  for (const behaviour of behaviours) relays.push(await simulateRelay(behaviour))
  return drandSource({ network: chain, relays: relays.map(({ address }) => address), timeoutMs: 300 })
}

const revealBy = '2023-08-23T15:59:23.000Z'
const freeze = {} as FreezeStep
const naming = (...sources: DrandSource[]) => ({ sources }) as CommitStep
const sourceOf = (round: number, chain: keyof typeof DRAND_CHAINS = 'quicknet'): DrandSource => {
  const { chain: hash, publicKey, scheme } = DRAND_CHAINS[chain]
  return { kind: 'drand', chain: hash, publicKey, scheme, round }
}

describe('drand as a source of randomness', () => {
  it('commits to the first round after the reveal', async () => {
    const source = await relayed([])
    expect(await source.commit(freeze, revealBy)).toEqual(sourceOf(1_000))
    expect(await source.commit(freeze, roundInstant(DRAND_CHAINS.quicknet, 1_000))).toEqual(sourceOf(1_001))
  })

  it.each(RECORDED_ROUNDS.filter(({ round }) => round > 1))('reveals a recorded round: $chain $round', async ({ chain, ...recorded }) => {
    const source = await relayed(['honest'], chain)
    expect(await source.reveal(naming(sourceOf(recorded.round, chain)))).toEqual({ kind: 'drand', ...recorded })
  })

  it.each<Behaviour>(['silent', 'failing', 'lying', 'garbled', 'other-round'])('goes to the next relay where one is %s', async (behaviour) => {
    const source = await relayed([behaviour, 'honest'])
    expect(await source.reveal(naming(sourceOf(657_413)))).toMatchObject({ round: 657_413 })
    expect(relays.map((relay) => relay.asked())).toEqual([1, 1])
  })

  it.each<[Behaviour, typeof RandomnessNotYet | typeof RandomnessUntrue]>([
    ['silent', RandomnessNotYet],
    ['failing', RandomnessNotYet],
    ['lying', RandomnessUntrue],
    ['garbled', RandomnessUntrue],
    ['other-round', RandomnessUntrue],
  ])('says so where every relay is %s', async (behaviour, error) => {
    const source = await relayed([behaviour, behaviour])
    await expect(source.reveal(naming(sourceOf(657_413)))).rejects.toThrow(error)
  })

  it('is not there yet before its round has come, or if nobody can be reached', async () => {
    const source = await relayed(['honest'])
    await expect(source.reveal(naming(sourceOf(999_999_999)))).rejects.toThrow(RandomnessNotYet)
    relays[0]!.close()
    await expect(source.reveal(naming(sourceOf(657_413)))).rejects.toThrow(RandomnessNotYet)
  })
})
