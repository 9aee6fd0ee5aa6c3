import { afterEach, describe, expect, it } from 'vitest'
import { authorityEndpoints } from '../../contracts/http/authority.js'
import { createClient, Unreachable } from '../../platform/http/index.js'
import { behaviourFor } from './authority-answers.js'
import { startAuthoritySimulator, type AuthoritySimulator, type Plans } from './authority.js'

const ids = Array.from({ length: 2_000 }, (_, at) => `9900002010010${String(at).padStart(4, '0')}X`)
const home = { district: 'd1', street: '东街', number: 7, room: '' }

describe('the simulated authorities', () => {
  let simulator: AuthoritySimulator | undefined
  afterEach(() => simulator?.stop())
  const start = async (plans: Plans = {}) => {
    simulator = await startAuthoritySimulator({ seed: 7, shares: {}, slowMs: 50 })
    simulator.plan(plans)
    return simulator
  }
  const clientOf = (name = 'police') => createClient(authorityEndpoints, { baseUrl: simulator!.urlOf(name), timeoutMs: 30_000 })
  const body = (idNumber: string) => ({
    reference: 'r1', child: { name: '安宁', idNumber }, guardian: { name: '安明' }, addresses: { 'household.address': home },
    facts: [
      { fact: 'household.address', type: 'address' as const }, { fact: 'household.since', type: 'date' as const, declared: '2017-03-01' },
      { fact: 'household.head', type: 'one-of' as const, of: ['parent', 'other'], declared: 'parent' }, { fact: 'dwelling.last-family', type: 'one-of' as const, of: ['none', 'same'] },
    ],
  })
  const value = (given: string) => ({ says: 'value', value: given })

  it('do the same about a child for the same seed and name, and each behaviour to its share of the children', () => {
    const shares = { other: 0.1, unknown: 0.1, slow: 0.2, silent: 0.1 }
    const counts = new Map<string, number>()
    for (const id of ids) {
      const behaviour = behaviourFor(7, 'police', id, shares)
      expect(behaviourFor(7, 'police', id, shares)).toBe(behaviour)
      counts.set(behaviour, (counts.get(behaviour) ?? 0) + 1)
    }
    for (const [behaviour, share] of Object.entries({ ...shares, match: 0.5 })) {
      expect((counts.get(behaviour) ?? 0) / ids.length).toBeCloseTo(share, 1)
    }
    expect(ids.some((id) => behaviourFor(8, 'police', id, shares) !== behaviourFor(7, 'police', id, shares))).toBe(true)
    expect(ids.some((id) => behaviourFor(7, 'hr-bureau', id, shares) !== behaviourFor(7, 'police', id, shares))).toBe(true)
  })

  it('refuse shares of more than everybody', () => {
    expect(() => behaviourFor(1, 'police', 'x', { other: 0.9, silent: 0.2 })).toThrow(RangeError)
  })

  it('confirm what was declared and know of nothing else', async () => {
    await start()
    expect(await clientOf().inquire({ body: body('a') })).toEqual({
      reference: 'r1',
      answers: { 'household.address': value('confirmed'), 'household.since': value('confirmed'), 'household.head': value('confirmed'), 'dwelling.last-family': { says: 'none' } },
    })
  })

  it('answer with other values of the same types, or that they do not know', async () => {
    await start({ b: { police: { does: 'other' } }, c: { police: { does: 'unknown' } } })
    const { answers } = await clientOf().inquire({ body: body('b') })
    expect(answers).toMatchObject({ 'household.address': value('differs'), 'household.since': value('2018-03-28'), 'household.head': value('other') })
    const unknown = await clientOf().inquire({ body: body('c') })
    expect(Object.values(unknown.answers)).toEqual(Array(4).fill({ says: 'unknown' }))
  })

  it('answer each as its own plan says, with planned values before declared ones', async () => {
    await start({ d: { 'student-records': { does: 'match', values: { 'dwelling.last-family': 'same', 'household.since': null } }, police: { does: 'unknown' } } })
    const { answers } = await clientOf('student-records').inquire({ body: body('d') })
    expect(answers).toMatchObject({ 'dwelling.last-family': value('same'), 'household.since': { says: 'none' }, 'household.head': value('confirmed') })
    expect(simulator?.asked('student-records')).toMatchObject({ match: 1 })
    expect(simulator?.asked('police')).toMatchObject({ match: 0, unknown: 0 })
  })

  it('take their time, or answer nothing at all', async () => {
    await start({ slow: { police: { does: 'slow' } }, silent: { police: { does: 'silent' } } })
    expect((await clientOf().inquire({ body: body('slow') })).answers['household.head']).toEqual(value('confirmed'))
    await expect(clientOf().inquire({ body: body('silent'), timeoutMs: 300 })).rejects.toBeInstanceOf(Unreachable)
    expect(simulator?.asked('police')).toMatchObject({ slow: 1, silent: 1 })
  })

  it('say in every answer that they are simulated, and are planned over HTTP', async () => {
    const { url } = await start()
    const put = (plan: object) => fetch(`${url}/simulator/plan`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(plan) })
    const planned = await put({ z: { police: { does: 'unknown' } } })
    expect(planned.headers.get('x-ruxue-simulator')).toBe('authorities')
    expect((await clientOf().inquire({ body: body('z') })).answers['household.head']).toEqual({ says: 'unknown' })
    expect((await put({ z: 'unknown' })).status).toBe(400)
  })

  it('refuse an inquiry with unknown fields', async () => {
    await start()
    await expect(clientOf().inquire({ body: { ...body('a'), phone: '1' } as never })).rejects.toMatchObject({ type: 'invalid-input' })
  })
})
