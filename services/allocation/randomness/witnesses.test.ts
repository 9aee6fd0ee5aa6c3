import { afterEach, describe, expect, it } from 'vitest'
import { startWitnessSimulator, type WitnessBehaviour, type WitnessSimulator } from '../../../infra/simulators/witness.js'
import { commit, freeze } from '../domain/draw/ceremony.js'
import { ROUNDS } from '../domain/draw/draw.fixture.js'
import { RandomnessNotYet, RandomnessUntrue } from '../domain/draw/source.js'
import { commitmentOf } from '../domain/draw/witness.js'
import { witnessList, witnessSource } from './witnesses.js'

const revealBy = '2026-03-01T10:00:00.000Z'
const frozen = freeze({ at: '2026-03-01T07:00:00.000Z', draw: 'd', run: 1, rule: 'By lot.', rounds: ROUNDS })
const running: WitnessSimulator[] = []
afterEach(() => Promise.all(running.splice(0).map((one) => one.stop())))

async function witnessed(behaviour: WitnessBehaviour = 'present') {
  const simulator = await startWitnessSimulator({ seed: 1 })
  running.push(simulator)
  const source = witnessSource({ name: '公证处', baseUrl: simulator.url, timeoutMs: 200 })
  const committed = async () => commit(frozen, { at: '2026-03-01T08:00:00.000Z', engine: { name: 'ruxue', version: '0' }, sources: [await source.commit(frozen.freeze, revealBy)], revealBy, least: 1 })
  simulator.plan({ 公证处: behaviour })
  return { source, committed }
}

describe('a witness', () => {
  it('shows the secret to which it committed itself for the freeze', async () => {
    const { source, committed } = await witnessed()
    const { commit: step } = await committed()
    const shown = await source.reveal(step!)
    expect(shown).toEqual({ kind: 'witness', name: '公证处', secret: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(step!.sources).toEqual([{ kind: 'witness', name: '公证处', commitment: commitmentOf(frozen.freeze.hash, '公证处', (shown as { secret: string }).secret) }])
  })

  it('has no answer if it is silent, at the commit or at the reveal', async () => {
    await expect((await witnessed('silent')).committed()).rejects.toThrow(RandomnessNotYet)
    const { source, committed } = await witnessed('stays-away')
    await expect(source.reveal((await committed()).commit!)).rejects.toThrow(RandomnessNotYet)
  })

  it('is not believed another secret', async () => {
    const { source, committed } = await witnessed('wrong')
    await expect(source.reveal((await committed()).commit!)).rejects.toThrow(RandomnessUntrue)
  })
})

describe('the list of witnesses', () => {
  it('names each with its address, and is refused where one has none', () => {
    expect(witnessList.parse('公证处=http://a:1/x?y=z, two=https://b')).toEqual([{ name: '公证处', baseUrl: 'http://a:1/x?y=z' }, { name: 'two', baseUrl: 'https://b' }])
    expect(witnessList.safeParse('two').success).toBe(false)
  })
})
