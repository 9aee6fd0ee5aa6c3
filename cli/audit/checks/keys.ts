import { verdictOf } from '../../../policies/conditions.js'
import { foldKnowledge, knownValue, type KnowableFact } from '../../../policies/knowledge.js'
import type { RoundOrder } from '../../../policies/language.js'
import type { Timeline } from '../../../policies/timeline.js'
import type { Keys, UnitRow } from './rounds.js'

/**
 * Where the keys by which a frozen list is ordered are not those that the facts of its children give: whether they meet
 * a rule, what a fact is known to be.
 * @param factsOf what was told of a child before the freeze
 */
export function keyFaults(timeline: Timeline, order: readonly RoundOrder[], units: readonly UnitRow[], factsOf: (child: string) => readonly KnowableFact[]): { child: string; key: string }[] {
  return units.flatMap(({ keys }) => Object.entries(keys ?? {})).flatMap(([child, kept]) => {
    const expected = keysOf(timeline, order, factsOf(child))
    return Object.keys({ ...expected, ...kept }).filter((key) => expected[key] !== kept[key]).map((key) => ({ child, key }))
  })
}

function keysOf(timeline: Timeline, order: readonly RoundOrder[], facts: readonly KnowableFact[]): Keys {
  const knowledge = foldKnowledge(timeline, [...facts])
  return Object.fromEntries(order.flatMap((by): [string, number | string][] => {
    if ('rule' in by) return [[`${by.rule}.unmet`, verdictOf(by.rule, knowledge, timeline) === 'met' ? 0 : 1]]
    const value = knownValue(knowledge, by.fact)
    const isKnown = typeof value === (by.first === 'earliest' ? 'string' : 'number')
    return [[`${by.fact}.unknown`, isKnown ? 0 : 1], [by.fact, isKnown ? (value as number | string) : by.first === 'earliest' ? '' : 0]]
  }))
}
