import { afterEach, describe, expect, it } from 'vitest'
import { policeEndpoints } from '../../contracts/http/police.js'
import { createClient, Unreachable } from '../../platform/http/index.js'
import { policeAnswerFor, type PoliceBehaviour } from './police-answers.js'
import { startPoliceSimulator, type PoliceSimulator } from './police.js'

const ids = Array.from({ length: 2_000 }, (_, at) => `9900002010010${String(at).padStart(4, '0')}X`)

describe('the simulated police', () => {
  let simulator: PoliceSimulator | undefined
  afterEach(() => simulator?.stop())
  const start = async (plan: Record<string, PoliceBehaviour> = {}) => {
    simulator = await startPoliceSimulator({ seed: 7, shares: {}, slowMs: 50 })
    simulator.plan(plan)
    return { simulator, client: createClient(policeEndpoints, { baseUrl: simulator.url, timeoutMs: 30_000 }) }
  }
  const body = (idNumber: string) => ({ reference: 'r1', name: '安宁', idNumber })

  it('does the same about a child for the same seed, and about each behaviour’s share of the children', () => {
    const shares = { mismatch: 0.1, unknown: 0.1, slow: 0.2, silent: 0.1 }
    const counts = new Map<string, number>()
    for (const id of ids) {
      const behaviour = policeAnswerFor(7, id, shares)
      expect(policeAnswerFor(7, id, shares)).toBe(behaviour)
      counts.set(behaviour, (counts.get(behaviour) ?? 0) + 1)
    }
    for (const [behaviour, share] of Object.entries({ ...shares, match: 0.5 })) {
      expect((counts.get(behaviour) ?? 0) / ids.length).toBeCloseTo(share, 1)
    }
    expect(ids.some((id) => policeAnswerFor(8, id, shares) !== policeAnswerFor(7, id, shares))).toBe(true)
  })

  it('refuses shares of more than everybody', () => {
    expect(() => policeAnswerFor(1, 'x', { mismatch: 0.9, silent: 0.2 })).toThrow(RangeError)
  })

  it('answers match, mismatch and unknown with the reference it was asked with', async () => {
    const { client } = await start({ b: 'mismatch', c: 'unknown' })
    for (const [id, answer] of Object.entries({ a: 'match', b: 'mismatch', c: 'unknown' })) {
      expect(await client.verifyHousehold({ body: body(id) })).toEqual({ reference: 'r1', answer })
    }
  })

  it('takes its time, or answers nothing at all', async () => {
    const { client } = await start({ slow: 'slow', silent: 'silent' })
    expect((await client.verifyHousehold({ body: body('slow') })).answer).toBe('match')
    await expect(client.verifyHousehold({ body: body('silent'), timeoutMs: 300 })).rejects.toBeInstanceOf(Unreachable)
    expect(simulator?.asked()).toMatchObject({ slow: 1, silent: 1 })
  })

  it('says in every answer that it is a simulator, and is planned over HTTP', async () => {
    const { simulator: police, client } = await start()
    const planned = await fetch(`${police.url}/simulator/plan`, {
      method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ z: 'mismatch' }),
    })
    expect(planned.headers.get('x-ruxue-simulator')).toBe('police')
    expect((await client.verifyHousehold({ body: body('z') })).answer).toBe('mismatch')
  })

  it('refuses a question with unknown fields', async () => {
    const { client } = await start()
    await expect(client.verifyHousehold({ body: { ...body('a'), phone: '1' } as never })).rejects.toMatchObject({ type: 'invalid-input' })
  })
})
