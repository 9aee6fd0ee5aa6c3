import type { ChildFact } from '../../../contracts/facts.js'
import { verdictOf } from '../../../policies/conditions.js'
import { foldKnowledge, knownValue, type KnowableFact } from '../../../policies/knowledge.js'
import type { Timeline } from '../../../policies/timeline.js'
import type { Keys, Rule, UnitRow } from './rounds.js'

/** What is read of a fact: with the policy's part of it, when a unit was registered. */
export type ToldFact = KnowableFact & Pick<ChildFact, 'unit' | 'registeredAt'>

/**
 * Where the keys by which a frozen list is ordered are not those that the facts of its children give: whether they meet
 * a rule, what a fact is known to be, when twins were registered.
 * @param factsOf what was told of a child before the freeze
 */
export function keyFaults(timeline: Timeline, rule: Pick<Rule, 'order' | 'lastSeat'>, units: readonly UnitRow[], factsOf: (child: string) => readonly ToldFact[]): { child: string; key: string }[] {
  return units.flatMap((unit) => {
    const dates = rule.lastSeat === 'skip' ? new Map<string, Keys>() : registrations(unit, factsOf)
    return unit.members.flatMap((child) => {
      const kept = unit.keys?.[child] ?? {}
      const expected: Keys = { ...keysOf(timeline, rule.order, factsOf(child)), ...dates.get(child) }
      return Object.keys({ ...expected, ...kept }).filter((key) => expected[key] !== kept[key]).map((key) => ({ child, key }))
    })
  })
}

/** By twin the earliest filing of a form that names the unit, if all of them have one. */
function registrations({ unit, members }: UnitRow, factsOf: (child: string) => readonly ToldFact[]): Map<string, Keys> {
  const dates = members.flatMap((child): [string, Keys][] => {
    const [first] = factsOf(child).flatMap((fact) => (fact.unit?.id === unit && fact.registeredAt !== undefined ? [fact.registeredAt] : [])).sort()
    return first === undefined ? [] : [[child, { registeredAt: first }]]
  })
  return new Map(members.length > 1 && dates.length === members.length ? dates : [])
}

function keysOf(timeline: Timeline, order: Rule['order'], facts: readonly ToldFact[]): Keys {
  if (order.length === 0) return {}
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
