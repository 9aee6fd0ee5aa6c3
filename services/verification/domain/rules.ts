import type { FactValue } from '../../../contracts/facts.js'
import { evaluateRule, type Explanation } from '../../../policies/conditions.js'
import type { Knowledge } from '../../../policies/knowledge.js'
import type { RuleId, RuleVerdict } from '../../../policies/language.js'
import { noReads, partsOf, readsOfRule, type Reads, type Timeline, type TimelinePhaseOf } from '../../../policies/timeline.js'

/** A rule of a review judged for one child, with the tree that says why. */
export interface JudgedRule {
  rule: RuleId
  says: string
  value: RuleVerdict
  explanation: Explanation
}

type Reviewed = TimelinePhaseOf<'review'> | TimelinePhaseOf<'check'>

const rulesOf = (phase: Reviewed): RuleId[] => (phase.kind === 'review' ? [...new Set([...phase.needs, ...phase.judges])] : [])

/** The rules a review needs or judges, each as it stands by this knowledge; a check has none. */
export const judgeRules = (timeline: Timeline, phase: Reviewed, knowledge: Knowledge): JudgedRule[] =>
  rulesOf(phase).map((rule) => {
    const { value, tree } = evaluateRule(rule, knowledge, timeline)
    return { rule, says: timeline.rules[rule]?.says ?? rule, value, explanation: tree }
  })

/** The facts that matter to a case: what its rules read, what a review finds, what a check answers. */
export function factsThatMatter(timeline: Timeline, phase: Reviewed): string[] {
  if (phase.kind === 'check') return phase.answers
  const reads = noReads()
  for (const rule of rulesOf(phase)) readsOfRule(rule, timeline.rules, reads)
  return [...new Set([...readsWithParts(timeline, reads), ...phase.finds])]
}

/** The facts that are read, what they are counted from, and the places in which addresses are sought. */
export const readsWithParts = (timeline: Timeline, reads: Reads): string[] =>
  [...[...reads.facts].flatMap((fact) => [fact, ...partsOf(timeline.facts, fact)]), ...reads.places]

/** Their values as far as anybody stated one, known or only declared. */
export function valuesThatMatter(timeline: Timeline, phase: Reviewed, knowledge: Knowledge): Record<string, FactValue> {
  const stated = factsThatMatter(timeline, phase).flatMap((fact) => {
    const value = knowledge.facts[fact]?.value
    return value === undefined ? [] : [[fact, value] as const]
  })
  return Object.fromEntries(stated)
}
