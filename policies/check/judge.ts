import type { Cond, FactId, FactValue, RuleId, RuleVerdict } from '../language.js'
import { partsOf, type Timeline } from '../timeline.js'
import { allOf, anyOf, negate, ofBoolean, testValue, testVerdict, type Truth } from '../truth.js'
import type { Atoms } from './atoms.js'
import type { Atom, ChildState } from './state.js'

/** A truth, or the open point that has to be decided first. */
export type Judged = Truth | Atom

export interface Judging {
  timeline: Timeline
  atoms: Atoms
  /** The facts each rule rests on. */
  ruleFacts: Map<RuleId, Set<FactId>>
}

/** Evaluates a condition for a sort of child, stopping at the first open point that could change the answer. */
export function judge(cond: Cond, state: ChildState, judging: Judging): Judged {
  switch (cond.op) {
    case 'all':
      return combine(cond.of.map((part) => judge(part, state, judging)), 'false', allOf)
    case 'any':
      return combine(cond.of.map((part) => judge(part, state, judging)), 'true', anyOf)
    case 'not': {
      const inner = judge(cond.of, state, judging)
      return typeof inner === 'string' ? negate(inner) : inner
    }
    case 'same': {
      const { facts } = cond
      if (!facts.every((fact) => isKnown(fact, state, judging.timeline))) return 'unknown'
      return decide(judging.atoms.ofSame(facts), state, (value) => ofBoolean(value === true))
    }
    case 'fact':
      if (!isKnown(cond.fact, state, judging.timeline)) return 'unknown'
      if ('in' in cond.test) return decide(judging.atoms.ofPlace(cond.fact, cond.test.in), state, (value) => ofBoolean(value === true))
      return decide(judging.atoms.ofFact(cond.fact), state, (value) => testValue(cond.test, value))
    case 'school':
      return decide(judging.atoms.ofSchool(cond.attribute), state, (value) => testValue(cond.test, value))
    case 'rule': {
      const verdict = judgeRule(cond.rule, state, judging)
      return typeof verdict === 'string' ? testVerdict(cond.is, verdict) : verdict
    }
    case 'outcome': {
      const outcome = state.outcomes.get(cond.phase)
      return ofBoolean(outcome !== undefined && cond.is.includes(outcome))
    }
    case 'form':
      return ofBoolean(state.filed.has(cond.form) === (cond.is === 'filed'))
    case 'seat':
      return ofBoolean(cond.is.includes(seatOf(state)))
  }
}

/** The verdict on a rule; once met or unmet it stays so. */
export function judgeRule(rule: RuleId, state: ChildState, judging: Judging): RuleVerdict | Atom {
  const settled = state.verdicts.get(rule)
  if (settled) return settled
  const value = judge(judging.timeline.rules[rule]!.needs, state, judging)
  if (typeof value !== 'string') return value
  return value === 'true' ? 'met' : value === 'false' ? 'unmet' : 'unknown'
}

/** The child's seat: none, held or taken. */
export function seatOf(state: ChildState): 'none' | 'held' | 'taken' {
  return state.taken ? 'taken' : state.held.length > 0 ? 'held' : 'none'
}

/** The same knowing as in the folded knowledge of a real child, over the outcomes alone. */
function isKnown(id: FactId, state: ChildState, timeline: Timeline): boolean {
  const fact = timeline.facts[id]!
  if (fact.from) return true
  const parts = partsOf(timeline.facts, id)
  if (parts.length > 0) return parts.every((part) => isKnown(part, state, timeline))
  const decided = (review: string) => state.outcomes.get(review) === 'approved' || state.outcomes.get(review) === 'refused'
  if (fact.foundBy.some(decided) || fact.settledBy.some(decided)) return true
  if (fact.answeredBy.length > 0) return fact.answeredBy.some((check) => state.outcomes.get(check) === 'answered')
  return fact.askedBy.some((phase) => {
    const asking = timeline.phases.find((candidate) => candidate.id === phase)
    return asking?.kind === 'registration' && state.filed.has(asking.form)
  })
}

function decide(atom: Atom, state: ChildState, test: (value: FactValue) => Truth): Judged {
  const value = state.values.get(atom.key)
  return value === undefined ? (atom.domain.length === 1 ? test(atom.domain[0]!) : atom) : test(value)
}

function combine(parts: Judged[], settling: Truth, fold: (parts: Truth[]) => Truth): Judged {
  if (parts.includes(settling)) return settling
  return parts.find((part) => typeof part !== 'string') ?? fold(parts as Truth[])
}
