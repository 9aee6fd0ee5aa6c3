import type { Knowledge } from '../../../policies/knowledge.js'
import type { Cond, FactId, RuleId } from '../../../policies/language.js'
import { mayEnter } from '../../../policies/standing.js'
import type { Timeline, TimelinePhase } from '../../../policies/timeline.js'
import { readsOfRule, noReads } from '../../../policies/timeline.js'
import { readsWithParts } from './rules.js'

/**
 * The rules by which a child is reviewed and placed: those of the reviews and rounds that it has entered or may enter,
 * in the order of the phases, each behind the rules of which it is made.
 */
export function rulesAsked(timeline: Timeline, knowledge: Knowledge): RuleId[] {
  const asks = ({ id }: TimelinePhase) => knowledge.outcomes[id] !== undefined || mayEnter(timeline, id, knowledge) !== 'no'
  const named = timeline.phases.filter(asks).flatMap(rulesOf)
  return [...new Set(named.flatMap((rule) => withParts(timeline, rule)))]
}

/** The facts that some rules read, and what these are counted from. */
export function factsRead(timeline: Timeline, rules: readonly RuleId[]): Set<FactId> {
  const reads = noReads()
  for (const rule of rules) readsOfRule(rule, timeline.rules, reads)
  return new Set(readsWithParts(timeline, reads))
}

function rulesOf(phase: TimelinePhase): RuleId[] {
  switch (phase.kind) {
    case 'review':
      return [...phase.needs, ...phase.judges]
    case 'round':
      return [...phase.order.flatMap((by) => ('rule' in by ? [by.rule] : [])), ...(typeof phase.who === 'object' ? rulesIn(phase.who) : [])]
    default:
      return []
  }
}

/** A rule behind those that it asks for. */
function withParts(timeline: Timeline, rule: RuleId): RuleId[] {
  const needs = timeline.rules[rule]?.needs
  return [...(needs ? rulesIn(needs).flatMap((part) => withParts(timeline, part)) : []), rule]
}

function rulesIn(cond: Cond): RuleId[] {
  switch (cond.op) {
    case 'all':
    case 'any':
      return cond.of.flatMap(rulesIn)
    case 'not':
      return rulesIn(cond.of)
    case 'rule':
      return [cond.rule]
    default:
      return []
  }
}
