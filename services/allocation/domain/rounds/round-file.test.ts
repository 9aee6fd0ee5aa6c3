import { describe, expect, it } from 'vitest'
import type { TimelinePhaseOf } from '../../../../policies/timeline.js'
import { childResults, wrongWith } from './decide.js'
import { allocate } from './engine/allocate.js'
import { roundFileOf } from './round-file.js'
import type { RoundUnit } from './unit.js'

const SEED = '5eed'.repeat(16)
const phaseBy = (method: string, more: object = {}) => ({ id: 'zoning', method, order: [], ...more }) as unknown as TimelinePhaseOf<'round'>
const roundBy = (method: string, units: RoundUnit[], seats: Record<string, number>, more: object = {}) =>
  ({ ...roundFileOf(phaseBy(method, more), units, { id: 'city/zoning/east', seats: new Map(Object.entries(seats)) }), seed: SEED })
const single = (id: string, ...schools: string[]): RoundUnit => ({ unit: id, members: [id], schools })
const schoolsOf = (round: ReturnType<typeof roundBy>) => new Map(allocate(round).assignments.map(({ applicant, school }) => [applicant, school]))

describe('the round of a phase', () => {
  it('has the frozen units, the seats reserved for it and the policy’s order, so that the sandbox takes it as it is', () => {
    const twins: RoundUnit = { unit: 'u1', members: ['c1', 'c2'], schools: ['north'], keys: { c1: { points: 1 }, c2: { points: 2 } } }
    expect(roundBy('ranked', [twins], { north: 2 }, { lastSeat: 'skip', order: [{ fact: 'points', first: 'highest' }] })).toEqual({
      format: 'ruxue.round.v1', id: 'city/zoning/east', mechanism: 'serial', unitOverflow: 'skip', seed: SEED,
      schools: [{ id: 'north', plan: 2 }],
      applicants: [{ id: 'c1', choices: ['north'], unit: 'u1', keys: { points: 1 } }, { id: 'c2', choices: ['north'], unit: 'u1', keys: { points: 2 } }],
      orders: { default: { kind: 'ranked', by: [{ key: 'points.unknown', direction: 'asc' }, { key: 'points.hundredths', direction: 'desc' }] } },
    })
  })

  it('settles a zone with one school before one whose children another school may take', () => {
    const units = Array.from({ length: 40 }, (_, n) => single(`c${n}`, ...(n < 20 ? ['north'] : ['north', 'south'])))
    const schools = schoolsOf(roundBy('catchment', units, { north: 20, south: 20 }))
    for (const [id, school] of schools) expect(school).toBe(Number(id.slice(1)) < 20 ? 'north' : 'south')
  })

  it('passes a pair over for one last seat, and gives that to the next', () => {
    const units = [...['a', 'b', 'c', 'd'].map((id) => single(id, 'north')), { unit: 'pair', members: ['left', 'right'], schools: ['north'] }]
    const one = schoolsOf(roundBy('lottery', units, { north: 1 }))
    expect([one.get('left'), one.get('right')]).toEqual([null, null])
    expect([...one.values()].filter((school) => school !== null)).toHaveLength(1)
  })
})

describe('a decision', () => {
  it('tells each child its unit’s ticket, its place and why', () => {
    const round = roundBy('catchment', [single('a'), single('b', 'north'), single('c', 'full')], { north: 1, full: 0 })
    expect(childResults(round, allocate(round)).map(({ child, outcome, school, reason }) => [child, outcome, school, reason])).toEqual([
      ['a', 'not-admitted', null, 'no-school'], ['b', 'admitted', 'north', 'everyone-fits'], ['c', 'not-admitted', null, 'no-seat'],
    ])
  })

  it('is wrong for a round with faults, and where it breaks a property', () => {
    const round = roundBy('lottery', [single('a', 'north'), single('b', 'north')], { north: 1 })
    const result = allocate(round)
    expect(wrongWith(round, result)).toEqual([])
    expect(wrongWith(round, { ...result, assignments: result.assignments.map((one) => ({ ...one, school: 'north', choice: 1 })) })).not.toEqual([])
    expect(wrongWith(roundBy('lottery', [single('a', 'nowhere')], { north: 1 }), result)).toEqual([expect.objectContaining({ what: expect.stringContaining('/applicants/0/choices/0') })])
  })
})
