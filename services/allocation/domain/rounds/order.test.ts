import { describe, expect, it } from 'vitest'
import type { RoundOrder } from '../../../../policies/language.js'
import type { Knowledge } from '../../../../policies/knowledge.js'
import type { Timeline, TimelinePhaseOf } from '../../../../policies/timeline.js'
import { isDecidedHere, keysOf, ordersOf } from './order.js'

const phaseBy = (method: string, order: RoundOrder[] = []) => ({ id: 'round', method, order }) as unknown as TimelinePhaseOf<'round'>
const timeline = { rules: { near: { needs: { op: 'fact', fact: 'near', test: { is: [true] } } } }, facts: {} } as unknown as Timeline
const knowing = (facts: Record<string, unknown>, known = true) =>
  ({ facts: Object.fromEntries(Object.entries(facts).map(([id, value]) => [id, { value, known, source: 'authority' }])), outcomes: {}, forms: {}, seat: 'none' }) as unknown as Knowledge

describe('the order of a round', () => {
  it('is a lottery where the policy says none', () => {
    for (const method of ['direct', 'lottery']) expect(ordersOf(phaseBy(method))).toEqual({ default: { kind: 'lottery' } })
  })

  it('puts in a catchment who has one school before whom another may take, after what the policy says', () => {
    expect(ordersOf(phaseBy('catchment'))).toEqual({ default: { kind: 'ranked', by: [{ key: 'severalSchools', direction: 'asc' }] } })
    expect(ordersOf(phaseBy('catchment', [{ rule: 'near' }]))).toEqual({
      default: { kind: 'ranked', by: [{ key: 'near.unmet', direction: 'asc' }, { key: 'severalSchools', direction: 'asc' }] },
    })
  })

  it('ranks by rules and facts, one after the other', () => {
    expect(ordersOf(phaseBy('ranked', [{ rule: 'near' }, { fact: 'bought', first: 'earliest' }, { fact: 'points', first: 'highest' }]))).toEqual({
      default: {
        kind: 'ranked',
        by: [
          { key: 'near.unmet', direction: 'asc' }, { key: 'bought.unknown', direction: 'asc' }, { key: 'bought', direction: 'asc' },
          { key: 'points.unknown', direction: 'asc' }, { key: 'points.hundredths', direction: 'desc' },
        ],
      },
    })
  })
})

describe('the keys of a child', () => {
  const order: RoundOrder[] = [{ rule: 'near' }, { fact: 'bought', first: 'earliest' }, { fact: 'points', first: 'highest' }]

  it('are what is known of it', () => {
    expect(keysOf(timeline, phaseBy('ranked', order), knowing({ near: true, bought: '2019-03-01', points: 61 }))).toEqual({
      'near.unmet': 0, 'bought.unknown': 0, bought: '2019-03-01', 'points.unknown': 0, 'points.hundredths': 6_100,
    })
  })

  it('put it last where an authority has not answered, whatever it declared', () => {
    expect(keysOf(timeline, phaseBy('ranked', order), knowing({ near: true, bought: '2019-03-01', points: 61 }, false))).toEqual({
      'near.unmet': 1, 'bought.unknown': 1, bought: '0000-00-00', 'points.unknown': 1, 'points.hundredths': 0,
    })
  })

  it.each([[51.5, 5_150], [33.333, 3_333], [0.005, 1], [-2.5, -250], [1e300, Number.MAX_SAFE_INTEGER], [-1e300, Number.MIN_SAFE_INTEGER]])('count %d in hundredths', (points, hundredths) => {
    expect(keysOf(timeline, phaseBy('ranked', order), knowing({ points }))).toMatchObject({ 'points.unknown': 0, 'points.hundredths': hundredths })
  })

  it('are none where the policy says no order', () => {
    expect(keysOf(timeline, phaseBy('lottery'), knowing({}))).toBeUndefined()
  })
})

describe('a method', () => {
  it('is decided here unless somebody gives the names', () => {
    expect(['direct', 'catchment', 'lottery', 'ranked', 'residual'].every((method) => isDecidedHere(method as never))).toBe(true)
    expect(isDecidedHere('named')).toBe(false)
  })
})
