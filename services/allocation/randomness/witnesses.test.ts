import { describe, expect, it } from 'vitest'
import { check, commit, draw, freeze, publish, reveal } from '../domain/draw/ceremony.js'
import { ROUNDS } from '../domain/draw/draw.fixture.js'
import { verifyDraw } from '../domain/draw/verify/verify.js'
import { localWitness, witnessSource, type Witness } from './witnesses.js'

const IN_TIME = '2026-03-01T09:00:00.000Z'
const revealBy = '2026-03-01T10:00:00.000Z'

async function ceremonyOf(witnesses: Witness[]) {
  const source = witnessSource(witnesses)
  const frozen = freeze({ at: '2026-03-01T07:00:00.000Z', draw: 'd', run: 1, rule: 'By lot.', rounds: ROUNDS })
  const announced = { freeze: frozen.freeze.hash, revealBy }
  const sources = await source.commit(announced)
  const committed = commit(frozen, { at: '2026-03-01T08:00:00.000Z', engine: { name: 'ruxue', version: '0' }, sources, revealBy, least: 1 })
  return reveal(committed, { at: '2026-03-01T10:00:00.001Z', parts: await source.reveal(sources, announced) })
}

describe('witnesses as a source of randomness', () => {
  it('give a draw that agrees, and every time another one', async () => {
    const drawn = async () => {
      const revealed = await ceremonyOf([localWitness('one', () => IN_TIME), localWitness('two', () => IN_TIME)])
      const checked = check(draw(revealed, { at: '2026-03-01T10:00:01.000Z' }), { at: '2026-03-01T10:00:02.000Z', by: [{ name: 'a', version: '1' }, { name: 'b', version: '1' }], alarms: new Map() })
      return publish(checked, { at: '2026-03-01T10:00:03.000Z' })
    }
    const [first, second] = [await drawn(), await drawn()]
    expect(verifyDraw(first).findings).toEqual([])
    expect(second.draw!.groups[0]!.seed).not.toBe(first.draw!.groups[0]!.seed)
  })

  it.each<[string, (witness: Witness) => Witness]>([
    ['does not hand in', (witness) => ({ ...witness, reveal: async () => undefined })],
    ['hands in too late', (witness) => ({ ...witness, reveal: async () => ({ ...(await witness.reveal())!, at: '2026-03-01T10:00:00.001Z' }) })],
    ['hands in another secret', (witness) => ({ ...witness, reveal: async () => ({ secret: '00'.repeat(32), at: IN_TIME }) })],
  ])('leave out one who %s', async (_, changed) => {
    const { reveal: revealed } = await ceremonyOf([localWitness('one', () => IN_TIME), changed(localWitness('two', () => IN_TIME))])
    expect(revealed!.parts).toEqual([expect.objectContaining({ name: 'one', at: IN_TIME }), { kind: 'witness', name: 'two', absent: true }])
  })
})
