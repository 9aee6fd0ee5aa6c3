import { describe } from './describe.js'
import type { Cond, FactValue, RuleId, RuleVerdict } from './language.js'
import { knownValue, type FactSource, type Knowledge } from './knowledge.js'
import { placeFactOf } from './places.js'
import type { Timeline } from './timeline.js'
import { allOf, anyOf, negate, ofBoolean, sameOf, testValue, testVerdict, type Truth } from './truth.js'

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

function asVerdict(value: Truth): RuleVerdict {
  return value === 'true' ? 'met' : value === 'false' ? 'unmet' : 'unknown'
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

function truthOfFact(cond: Extract<Cond, { op: 'fact' }>, knowledge: Knowledge): Truth {
  const value = knownValue(knowledge, cond.fact)
  if (!('in' in cond.test) || value === undefined) return testValue(cond.test, value)
  if (value === cond.test.in) return 'true'
  return testValue({ is: [true] }, knownValue(knowledge, placeFactOf(cond.fact, cond.test.in)))
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
