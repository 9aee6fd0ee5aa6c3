import type { z } from 'zod'
import type { explainedChild } from '../../../contracts/http/verification.js'
import type { ExplainedFact, Explanation } from '../../../policies/conditions.js'
import { explainChild } from '../../../policies/explain.js'
import type { KnowableFact } from '../../../policies/knowledge.js'
import type { Timeline } from '../../../policies/timeline.js'

type Explained = Omit<z.input<typeof explainedChild>, 'child'>
type Because = Explained['rules'][number]['because']

/**
 * The rules and points of a child in words, for its family.
 * @param closed checks and reviews that are over
 */
export function explanationOf(timeline: Timeline, facts: Iterable<KnowableFact>, closed: Iterable<string>): Explained {
  const { policy, rules, counted } = explainChild(timeline, facts, closed)
  return {
    policy,
    rules: rules.map(({ rule, says, verdict, explanation }) => ({ rule, says, verdict, because: (explanation.parts ?? []).flatMap((part) => testsOf(timeline, part)) })),
    // A stored timeline keeps no order of names: the tables, then what is summed from them.
    counted: counted.toSorted((a, b) => Number(a.says === undefined) - Number(b.says === undefined)).map(({ parts, ...fact }) => ({ ...fact, parts: parts.map((part) => ({ ...part, ...readable(timeline, part) })) })),
  }
}

/** The single tests of a tree; a rule that it asks for is one, since it is judged by itself. */
function testsOf(timeline: Timeline, { test, value, facts, rule, parts }: Explanation): Because {
  if (rule) return [{ test, value, rule: rule.id }]
  if (parts) return parts.flatMap((part) => testsOf(timeline, part))
  return [{ test, value, ...(facts && { facts: facts.map((fact) => readable(timeline, fact)) }) }]
}

/** An address is a token to everybody but registration: it can be compared and says nothing. */
function readable({ facts }: Timeline, { fact, value, source, known }: ExplainedFact) {
  const { label, type } = facts[fact] ?? {}
  return {
    fact, known,
    ...(label !== undefined && { label }),
    ...(value !== undefined && type !== 'address' && { value }),
    ...(source && { source }),
  }
}
