import type { z } from 'zod'
import type { explainedChild } from '../../../contracts/http/verification.js'
import { evaluate, evaluateRule, type ExplainedFact, type Explanation } from '../../../policies/conditions.js'
import { describe } from '../../../policies/describe.js'
import { describeZh, valueLabel } from '../../../policies/describe-zh.js'
import { explainCounted, type CountedFact } from '../../../policies/explain-counted.js'
import { foldKnowledge, type KnowableFact, type Knowledge } from '../../../policies/knowledge.js'
import type { Cond, FactId } from '../../../policies/language.js'
import { settleClosed } from '../../../policies/settle.js'
import type { Timeline } from '../../../policies/timeline.js'
import { factsRead, rulesAsked } from './asked.js'

type Explained = Omit<z.input<typeof explainedChild>, 'child'>
type Test = Explained['rules'][number]['because'][number]

/**
 * The rules that are asked of a child, and its points, in words for its family.
 * @param closed checks and reviews that are over
 */
export function explanationOf(timeline: Timeline, facts: Iterable<KnowableFact>, closed: Iterable<string>): Explained {
  const knowledge = settleClosed(timeline, foldKnowledge(timeline, facts), new Set(closed))
  const asked = rulesAsked(timeline, knowledge)
  const read = factsRead(timeline, asked)
  return {
    policy: timeline.policy,
    rules: asked.flatMap((rule) => {
      const known = timeline.rules[rule]
      if (!known) return []
      const { says, needs } = known
      return [{ rule, says, verdict: evaluateRule(rule, knowledge, timeline).value, needs: describeZh(needs, timeline), because: testsOf(timeline, needs, knowledge) }]
    }),
    counted: inOrder(explainCounted(timeline, knowledge).filter(({ fact }) => read.has(fact)))
      .map(({ parts, ...fact }) => ({ ...fact, ...labelOf(timeline, fact.fact), parts: parts.map((part) => ({ ...part, ...readable(timeline, part) })) })),
  }
}

/** The single tests of a condition; a rule that it asks for is one, since it is judged by itself, and so is what is denied. */
function testsOf(timeline: Timeline, cond: Cond, knowledge: Knowledge): Test[] {
  if (cond.op === 'all' || cond.op === 'any') return cond.of.flatMap((part) => testsOf(timeline, part, knowledge))
  const { value, tree } = evaluate(cond, knowledge, timeline)
  const denied = cond.op === 'not'
  const inner = denied ? cond.of : cond
  const test = { test: denied ? `not: ${describe(inner)}` : describe(cond), says: describeZh(cond, timeline), value }
  if (inner.op === 'rule') return [{ ...test, rule: inner.rule }]
  const facts = factsOf(tree)
  const odd = inner.op === 'same' ? oddOnes(facts) : new Set()
  return [{ ...test, facts: facts.map((fact) => ({ ...readable(timeline, fact), ...(odd.has(fact.fact) && { differs: true as const }) })) }]
}

const factsOf = ({ facts = [], parts = [] }: Explanation): ExplainedFact[] => [...facts, ...parts.flatMap(factsOf)]

/** Of known values those that agree with none, or not with most. */
function oddOnes(facts: readonly ExplainedFact[]): Set<FactId> {
  const known = facts.filter((fact) => fact.known && fact.value !== undefined)
  const alike = (one: ExplainedFact) => known.filter(({ value }) => value === one.value).length
  const most = Math.max(0, ...known.map(alike))
  return new Set(known.filter((one) => alike(one) < known.length && (most === 1 || alike(one) < most)).map(({ fact }) => fact))
}

/** A stored timeline keeps no order of names: what a sum is made of as the sum names it, then the sum. */
function inOrder(counted: readonly CountedFact[]): CountedFact[] {
  const sums = counted.filter(({ says }) => says === undefined)
  const order = sums.flatMap(({ fact, parts }) => [...parts.map((part) => part.fact), fact])
  return counted.toSorted((a, b) => order.indexOf(a.fact) - order.indexOf(b.fact))
}

const labelOf = ({ facts }: Timeline, fact: FactId) => {
  const label = facts[fact]?.label
  return label === undefined ? {} : { label }
}

/** An address is a token to everybody but registration: it can be compared and says nothing. */
function readable(timeline: Timeline, { fact, value, source, known }: ExplainedFact) {
  const shown = timeline.facts[fact]?.type === 'address' ? undefined : value
  const words = shown === undefined ? undefined : valueLabel(fact, shown, timeline)
  return {
    fact, known,
    ...labelOf(timeline, fact),
    ...(shown !== undefined && { value: shown }),
    ...(words !== undefined && { valueLabel: words }),
    ...(source && { source }),
  }
}
