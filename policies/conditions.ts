import type { Cond, FactTest, FactValue, RuleId, RuleVerdict } from './language.js'
import { knownValue, type FactSource, type Knowledge } from './knowledge.js'
import type { Timeline } from './timeline.js'

/** Kleene's three values. Only `true` lets a child pass. */
export type Truth = 'true' | 'false' | 'unknown'

export interface EvaluationOptions {
  /**
   * What an outcome, form or seat that is not there means. `final` (default): it did not happen.
   * `pending`: word of it may still be on its way, so it is unknown; a service judges so at receipt,
   * that lag may refuse nobody who was on time.
   */
  absent?: 'final' | 'pending'
  /** Attributes of the school in question; without them every `school.*` test is unknown. */
  school?: Record<string, FactValue>
}

/** Why a condition has its value, as plain JSON: the tree of its parts down to facts and thresholds. */
export interface Explanation {
  /** The test in plain words. */
  test: string
  value: Truth
  facts?: ExplainedFact[]
  rule?: { id: RuleId; says: string }
  parts?: Explanation[]
}

export interface ExplainedFact {
  fact: string
  value?: FactValue
  source?: FactSource
  known: boolean
}

/** Evaluates a condition in Kleene's logic. */
export function truthOf(cond: Cond, knowledge: Knowledge, timeline: Timeline, options: EvaluationOptions = {}): Truth {
  switch (cond.op) {
    case 'all':
      return allOf(cond.of.map((part) => truthOf(part, knowledge, timeline, options)))
    case 'any':
      return anyOf(cond.of.map((part) => truthOf(part, knowledge, timeline, options)))
    case 'not':
      return negate(truthOf(cond.of, knowledge, timeline, options))
    case 'rule':
      return testVerdict(cond.is, verdictOf(cond.rule, knowledge, timeline, options))
    case 'same':
      return sameOf(cond.facts.map((fact) => knownValue(knowledge, fact)))
    case 'fact':
      return truthOfFact(cond, knowledge)
    case 'school':
      return testValue(cond.test, options.school?.[cond.attribute])
    case 'outcome':
      return oneOf(cond.is, knowledge.outcomes[cond.phase], options)
    case 'form':
      return formOf(cond, knowledge, options)
    case 'seat':
      return knowledge.seat === 'none' && options.absent === 'pending' ? 'unknown' : ofBoolean(cond.is.includes(knowledge.seat))
  }
}

/** Evaluates a condition and tells why. */
export function evaluate(cond: Cond, knowledge: Knowledge, timeline: Timeline, options: EvaluationOptions = {}): { value: Truth; tree: Explanation } {
  const tree = explain(cond, knowledge, timeline, options)
  return { value: tree.value, tree }
}

/** Judges a named rule and tells why. A rule the timeline does not have is unknown. */
export function evaluateRule(id: RuleId, knowledge: Knowledge, timeline: Timeline, options: EvaluationOptions = {}): { value: RuleVerdict; tree: Explanation } {
  const rule = timeline.rules[id]
  if (!rule) return { value: 'unknown', tree: { test: `rule ${id}`, value: 'unknown' } }
  const needs = explain(rule.needs, knowledge, timeline, options)
  return {
    value: asVerdict(needs.value),
    tree: { test: `rule ${id}`, value: needs.value, rule: { id, says: rule.says }, parts: [needs] },
  }
}

/** Judges a named rule, without its explanation. */
export function verdictOf(id: RuleId, knowledge: Knowledge, timeline: Timeline, options: EvaluationOptions = {}): RuleVerdict {
  const rule = timeline.rules[id]
  return rule ? asVerdict(truthOf(rule.needs, knowledge, timeline, options)) : 'unknown'
}

/** True if a school with these attributes belongs to the group. */
export function inGroup(timeline: Timeline, group: string, school: Record<string, FactValue>): boolean {
  const cond = timeline.groups[group]
  return cond !== undefined && truthOf(cond, NOBODY, timeline, { school }) === 'true'
}

const NOBODY: Knowledge = { facts: {}, forms: {}, outcomes: {}, seat: 'none', held: [], withdrawn: false }

/** Kleene's and: false if any part is, else unknown if any part is. */
export function allOf(parts: Truth[]): Truth {
  return parts.includes('false') ? 'false' : parts.includes('unknown') ? 'unknown' : 'true'
}

/** Kleene's or: true if any part is, else unknown if any part is. */
export function anyOf(parts: Truth[]): Truth {
  return parts.includes('true') ? 'true' : parts.includes('unknown') ? 'unknown' : 'false'
}

/** Kleene's not. */
export function negate(value: Truth): Truth {
  return value === 'unknown' ? 'unknown' : ofBoolean(value === 'false')
}

function ofBoolean(value: boolean): Truth {
  return value ? 'true' : 'false'
}

function asVerdict(value: Truth): RuleVerdict {
  return value === 'true' ? 'met' : value === 'false' ? 'unmet' : 'unknown'
}

/** Tests a verdict. Only a test that names `unknown` says anything about a rule that is unknown. */
export function testVerdict(is: readonly RuleVerdict[], verdict: RuleVerdict): Truth {
  return verdict === 'unknown' && !is.includes('unknown') ? 'unknown' : ofBoolean(is.includes(verdict))
}

function oneOf(wanted: readonly string[], actual: string | undefined, options: EvaluationOptions): Truth {
  if (actual === undefined) return options.absent === 'pending' ? 'unknown' : 'false'
  return ofBoolean(wanted.includes(actual))
}

function formOf(cond: Extract<Cond, { op: 'form' }>, knowledge: Knowledge, options: EvaluationOptions): Truth {
  const filed = knowledge.forms[cond.form] === 'filed'
  if (!filed && options.absent === 'pending') return 'unknown'
  return ofBoolean(filed === (cond.is === 'filed'))
}

/** Two known values that differ settle it, whatever the unknown ones are. */
function sameOf(values: (FactValue | undefined)[]): Truth {
  const known = values.filter((value) => value !== undefined)
  if (known.some((value) => value !== known[0])) return 'false'
  return known.length === values.length ? 'true' : 'unknown'
}

function truthOfFact(cond: Extract<Cond, { op: 'fact' }>, knowledge: Knowledge): Truth {
  const value = knownValue(knowledge, cond.fact)
  if (!('in' in cond.test) || value === undefined) return testValue(cond.test, value)
  if (value === cond.test.in) return 'true'
  return testValue({ is: [true] }, knownValue(knowledge, placeFactOf(cond.fact, cond.test.in)))
}

/** The yes-no fact by which whoever knows the addresses says that an opaque address lies in a place. */
export function placeFactOf(fact: string, place: string): string {
  return `${fact}@${place}`
}

/** Tests one value; one that is not known gives `unknown`. */
export function testValue(test: FactTest, value: FactValue | undefined): Truth {
  if (value === undefined) return 'unknown'
  if ('is' in test) return ofBoolean(test.is.includes(value))
  if ('in' in test) return ofBoolean(value === test.in)
  if ('by' in test || 'after' in test) {
    return ofBoolean(typeof value === 'string' && (test.by === undefined || value <= test.by) && (test.after === undefined || value > test.after))
  }
  const { atLeast, above } = test as { atLeast?: number; above?: number }
  return ofBoolean(typeof value === 'number' && (atLeast === undefined || value >= atLeast) && (above === undefined || value > above))
}

function explain(cond: Cond, knowledge: Knowledge, timeline: Timeline, options: EvaluationOptions): Explanation {
  const value = truthOf(cond, knowledge, timeline, options)
  const test = describe(cond)
  switch (cond.op) {
    case 'all':
    case 'any':
      return { test, value, parts: cond.of.map((part) => explain(part, knowledge, timeline, options)) }
    case 'not':
      return { test, value, parts: [explain(cond.of, knowledge, timeline, options)] }
    case 'rule': {
      const { tree } = evaluateRule(cond.rule, knowledge, timeline, options)
      return { test, value, ...(tree.rule ? { rule: tree.rule } : {}), parts: tree.parts ?? [] }
    }
    case 'same':
      return { test, value, facts: cond.facts.map((fact) => explainFact(fact, knowledge)) }
    case 'fact':
      return { test, value, facts: [explainFact(cond.fact, knowledge)] }
    case 'school':
      return { test, value, facts: [explainGiven(`school.${cond.attribute}`, options.school?.[cond.attribute])] }
    case 'outcome':
      return { test, value, facts: [explainGiven(cond.phase, knowledge.outcomes[cond.phase])] }
    case 'form':
      return { test, value, facts: [explainGiven(cond.form, knowledge.forms[cond.form])] }
    case 'seat':
      return { test, value, facts: [explainGiven('seat', knowledge.seat)] }
  }
}

function explainFact(fact: string, knowledge: Knowledge): ExplainedFact {
  const stated = knowledge.facts[fact]
  return stated ? { fact, value: stated.value, source: stated.source, known: stated.known } : { fact, known: false }
}

function explainGiven(fact: string, value: FactValue | undefined): ExplainedFact {
  return value === undefined ? { fact, known: false } : { fact, value, known: true }
}

/** A condition in plain words. */
export function describe(cond: Cond): string {
  switch (cond.op) {
    case 'all':
      return 'all of these'
    case 'any':
      return 'any of these'
    case 'not':
      return 'not this'
    case 'same':
      return `${cond.facts.join(', ')} are the same`
    case 'fact':
      return `${cond.fact} ${describeTest(cond.test)}`
    case 'rule':
      return `rule ${cond.rule} is ${cond.is.join(' or ')}`
    case 'form':
      return `form ${cond.form} is ${cond.is}`
    case 'outcome':
      return `${cond.phase} ended ${cond.is.join(' or ')}`
    case 'seat':
      return `the child's seat is ${cond.is.join(' or ')}`
    case 'school':
      return `school.${cond.attribute} ${describeTest(cond.test)}`
  }
}

function describeTest(test: FactTest): string {
  if ('is' in test) return `is ${test.is.join(' or ')}`
  if ('in' in test) return `lies in ${test.in}`
  const words = Object.entries({ 'at least': 'atLeast', above: 'above', 'no later than': 'by', after: 'after' })
    .flatMap(([word, key]) => (key in test ? [`${word} ${(test as Record<string, string | number>)[key]}`] : []))
  return `is ${words.join(' and ')}`
}
