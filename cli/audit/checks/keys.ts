import { verdictOf } from '../../../policies/conditions.js'
import { foldKnowledge, knownValue, type KnowableFact } from '../../../policies/knowledge.js'
import type { RoundOrder } from '../../../policies/language.js'
import type { Timeline } from '../../../policies/timeline.js'
import type { Keys, UnitRow } from './rounds.js'

/**
 * Where the keys by which a frozen list is ordered are not those that the facts of its children give: whether they meet
 * a rule, what a fact is known to be.
 * @param factsOf what was told of a child; a policy's later phases do not restate what an earlier round is ordered by
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
    if (by.first === 'earliest') return typeof value === 'string' ? [[`${by.fact}.unknown`, 0], [by.fact, value]] : [[`${by.fact}.unknown`, 1], [by.fact, '0000-00-00']]
    return typeof value === 'number' ? [[`${by.fact}.unknown`, 0], [`${by.fact}.hundredths`, inHundredths(value)]] : [[`${by.fact}.unknown`, 1], [`${by.fact}.hundredths`, 0]]
  }))
}

/** The nearest hundredth; beyond 2^53 - 1 to either side there is none further. */
function inHundredths(value: number): number {
  const rounded = Math.round(value * 100)
  return Math.abs(rounded) <= Number.MAX_SAFE_INTEGER ? rounded : Math.sign(rounded) * Number.MAX_SAFE_INTEGER
}
