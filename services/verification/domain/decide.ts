import type { ChildFact, FactValue } from '../../../contracts/facts.js'
import type { Caller } from '../../../contracts/roles.js'
import { foldKnowledge, type Knowledge } from '../../../policies/knowledge.js'
import { mayEnter } from '../../../policies/standing.js'
import { readsOfRule, type Timeline, type TimelinePhaseOf } from '../../../policies/timeline.js'
import { problem, type Problem } from '../../../platform/problem.js'
import { caseFact } from './fact.js'
import { isFinal, type Case, type CaseState, type Step, type Verdict } from './case.js'
import { addFindings, foundBy, resolveFindings, withFindings } from './findings.js'
import { judgeRules, readsWithParts, type JudgedRule } from './rules.js'
import { nextStep, roleOf, waitingFor } from './turn.js'

/** What an office asks for. */
export interface Decision {
  outcome: Verdict
  reason?: string | undefined
  findings?: Record<string, FactValue> | undefined
  /** The revision of the case that the office saw. */
  revision?: number | undefined
}

/** What the decision makes of the case. */
export interface Decided {
  step: Step
  state: CaseState
  /** Present once the case is decided for good. */
  outcome?: Verdict
  findings: Record<string, FactValue>
  /** The rules as this decision leaves them, recorded with the step. */
  judged: JudgedRule[]
  /** Needed rules for which it refuses. */
  unmet: string[]
}

/** Everything a decision is judged by. */
export interface DecisionContext {
  timeline: Timeline
  phase: TimelinePhaseOf<'review'>
  theCase: Case
  /** All facts of the child, this case's own included. */
  facts: readonly ChildFact[]
  caller: Caller
  /** Epoch ms. */
  receivedAt: number
}

/**
 * One office decides. A refusal ends the review at any step, an approval hands it to the next office or, after the
 * last one, ends it. An unmet rule of `needs` forbids approval, and with every one of them met there is no ground
 * to refuse; an unknown one leaves both open, and an approval settles it by what the family declared.
 * @throws Problem `already-decided`, `withdrawn`, `not-eligible`, `wrong-step`, `stale-revision`, `invalid-input`,
 * `unknown-field`, `rule-unmet` or `rule-met`, the last two with the rules explained in `particulars`
 */
export function decide(context: DecisionContext, decision: Decision): Decided {
  const { timeline, phase, theCase, facts, caller, receivedAt } = context
  const by = turnOf(context, decision)
  if (decision.outcome === 'refused' && decision.reason === undefined) {
    throw problem('invalid-input', 'A refusal needs its reason', { faults: [{ at: '/reason', message: 'is missing' }] })
  }
  const findings = addFindings(theCase.findings, resolveFindings(timeline, phase, facts, decision.findings ?? {}))
  const known = withFindings(timeline, foldKnowledge(timeline, facts), findings)
  const settled = settledBy(context, decision.outcome, findings)
  if (decision.outcome === 'approved') requireApprovable(context, known, settled)
  else requireGround(context, known)
  const next = decision.outcome === 'refused' ? undefined : nextStep(phase, theCase.steps.length + 1)
  const judged = judgeRules(timeline, phase, next === undefined ? settled : known)
  const isGround = ({ rule, value }: JudgedRule) => decision.outcome === 'refused' && value === 'unmet' && phase.needs.includes(rule)
  return {
    step: { by, outcome: decision.outcome, ...(decision.reason !== undefined && { reason: decision.reason }), officer: caller.subject, receivedAt },
    state: next === undefined ? decision.outcome : waitingFor(next, theCase.school),
    ...(next === undefined && { outcome: decision.outcome }),
    findings,
    judged,
    unmet: judged.filter(isGround).map(({ rule }) => rule),
  }
}

function turnOf({ timeline, phase, theCase, facts, caller }: DecisionContext, decision: Decision) {
  const by = nextStep(phase, theCase.steps.length)
  if (isFinal(theCase.state) || by === undefined) throw problem('already-decided', `${phase.id} is ${theCase.state} for this child`)
  if (decision.revision !== undefined && decision.revision !== theCase.revision) {
    throw problem('stale-revision', `The case has revision ${theCase.revision}`, { particulars: { revision: theCase.revision } })
  }
  const knowledge = foldKnowledge(timeline, facts)
  if (knowledge.withdrawn) throw problem('withdrawn', 'The child has left the season')
  if (mayEnter(timeline, phase.id, knowledge, { absent: 'pending' }) === 'no') {
    throw problem('not-eligible', `${phase.id} no longer asks this child`)
  }
  const role = roleOf(by, theCase.school)
  if (caller.role !== role) throw problem('wrong-step', `${phase.id} waits for the ${by}`, { particulars: { step: by, role } })
  return by
}

/** What will be known once the review has this outcome: a decision leaves nothing it rests on unknown. */
function settledBy({ timeline, phase, theCase, facts }: DecisionContext, outcome: Verdict, findings: Record<string, FactValue>): Knowledge {
  const own = caseFact(timeline, theCase, theCase.revision + 1, { facts: findings }, outcome)
  return foldKnowledge(timeline, [...facts.filter((fact) => fact.aggregate !== 'case' || fact.id !== phase.id), own])
}

function requireApprovable(context: DecisionContext, known: Knowledge, settled: Knowledge): void {
  const { timeline, phase } = context
  const needed = ({ rule }: JudgedRule) => phase.needs.includes(rule)
  const now = judgeRules(timeline, phase, known)
  const then = judgeRules(timeline, phase, settled)
  const unmet = [...now, ...then].filter((rule) => needed(rule) && rule.value === 'unmet')
  if (unmet.length > 0) throw unapprovable(unmet, 'is not met')
  const unsettled = then.filter((rule) => rule.value === 'unknown' && findable(context, settled, rule.rule).length > 0)
  if (unsettled.length > 0) {
    const missing = [...new Set(unsettled.flatMap((rule) => findable(context, settled, rule.rule)))]
    throw unapprovable(unsettled, `is not known: state ${missing.join(', ')} from the papers`, missing)
  }
}

/** Facts a rule reads, or counts from, that nobody stated and that this review can state. */
function findable({ timeline, phase }: DecisionContext, knowledge: Knowledge, rule: string): string[] {
  const read = readsWithParts(timeline, readsOfRule(rule, timeline.rules))
  return foundBy(timeline, phase).filter((fact) => read.includes(fact) && knowledge.facts[fact] === undefined)
}

function unapprovable(rules: JudgedRule[], why: string, missing?: string[]): Problem {
  const byRule = new Map(rules.map((rule) => [rule.rule, rule]))
  const names = [...byRule.keys()].join(', ')
  return problem('rule-unmet', `${names} ${why}`, { particulars: { rules: [...byRule.values()], ...(missing && { missing }) } })
}

function requireGround({ timeline, phase }: DecisionContext, known: Knowledge): void {
  if (phase.needs.length === 0) return
  const needed = judgeRules(timeline, phase, known).filter(({ rule }) => phase.needs.includes(rule))
  if (needed.every(({ value }) => value === 'met')) {
    throw problem('rule-met', `${phase.needs.join(', ')}: all met`, { particulars: { rules: needed } })
  }
}
