import { readsOfPhase } from '../dependents.js'
import type { Cond, RuleId, RuleVerdict } from '../language.js'
import { noReads, partsOf, phasesFiling, readsOf, readsOfRule, type Reads, type Timeline, type TimelinePhase } from '../timeline.js'
import { judgeRule, type Judging } from './judge.js'
import type { ChildState } from './state.js'
import type { Step } from './steps.js'

/** What the steps after a given one still read of a child. */
export interface Live {
  outcomes: Set<string>
  forms: Set<string>
  /** Facts read outside rules. */
  facts: Set<string>
  rules: Set<RuleId>
  /** Rules of which a met or unmet may still become the other. */
  openRules: Set<RuleId>
  phases: Set<string>
  /** True if a guard outside rules tests a school. */
  school: boolean
}

/** For each step, what is read after it. What nobody reads any more is forgotten, so that alike children meet. */
export function livenessOf(timeline: Timeline, order: readonly Step[]): Live[] {
  const live: Live[] = []
  let after: Live = { outcomes: new Set(), forms: new Set(), facts: new Set(), rules: new Set(), openRules: new Set(), phases: new Set(), school: false }
  if (timeline.children !== 'everyone') addCond(after, timeline.children, timeline)
  for (let index = order.length - 1; index >= 0; index--) {
    live[index] = { ...after, openRules: new Set([...after.rules].filter((rule) => mayTurn(rule, after.phases, timeline))) }
    after = withPhase(after, order[index]!.phase, timeline)
  }
  return live
}

/**
 * True if a verdict on this rule may still become another: it reads an outcome or a form of a phase that is not over,
 * or a seat, or whether another rule is unknown. What is known of a fact stays, so a rule of facts alone never turns.
 */
function mayTurn(rule: RuleId, ahead: ReadonlySet<string>, timeline: Timeline): boolean {
  const { phases, forms, rules, seat } = readsOfRule(rule, timeline.rules)
  const filing = [...forms].flatMap((form) => phasesFiling(timeline, form).map(({ id }) => id))
  return seat || [...phases, ...filing].some((phase) => ahead.has(phase)) || [...rules].some((read) => asksForUnknown(timeline.rules[read]!.needs))
}

function asksForUnknown(cond: Cond): boolean {
  if (cond.op === 'all' || cond.op === 'any') return cond.of.some(asksForUnknown)
  return cond.op === 'not' ? asksForUnknown(cond.of) : cond.op === 'rule' && cond.is.includes('unknown')
}

function withPhase(after: Live, phase: TimelinePhase, timeline: Timeline): Live {
  const before: Live = {
    outcomes: new Set(after.outcomes), forms: new Set(after.forms), facts: new Set(after.facts),
    rules: new Set(after.rules), openRules: after.openRules, phases: new Set(after.phases).add(phase.id), school: after.school,
  }
  if (timeline.children !== 'everyone') addCond(before, timeline.children, timeline)
  if (typeof phase.who === 'object') addCond(before, phase.who, timeline)
  if (phase.kind === 'registration') before.forms.add(phase.form)
  if (phase.kind === 'review') for (const rule of phase.needs) addReads(before, readsOfRule(rule, timeline.rules), timeline)
  return before
}

function addCond(live: Live, cond: Cond, timeline: Timeline): void {
  for (const fact of readsOf(cond, {}, noReads()).facts) live.facts.add(fact)
  live.school ||= testsSchool(cond)
  addReads(live, readsOf(cond, timeline.rules), timeline)
}

/** A fact that is read later needs whatever makes it known. */
function addReads(live: Live, reads: Reads, timeline: Timeline): void {
  for (const phase of reads.phases) live.outcomes.add(phase)
  for (const form of reads.forms) live.forms.add(form)
  for (const rule of reads.rules) live.rules.add(rule)
  for (const id of reads.facts) {
    for (const part of [id, ...partsOf(timeline.facts, id)]) {
      const fact = timeline.facts[part]
      for (const phase of [...(fact?.answeredBy ?? []), ...(fact?.foundBy ?? []), ...(fact?.settledBy ?? [])]) live.outcomes.add(phase)
      for (const form of formsAsking(timeline, part)) live.forms.add(form)
    }
  }
}

function formsAsking(timeline: Timeline, fact: string): string[] {
  return timeline.phases.flatMap((phase) => (phase.kind === 'registration' && phase.asks.includes(fact) ? [phase.form] : []))
}

/** Forgets what no later step reads, after keeping the verdict of every rule that can be judged by now and for good. */
export function project(state: ChildState, live: Live, judging: Judging): ChildState {
  const verdicts = new Map<RuleId, RuleVerdict>()
  for (const rule of live.rules) {
    if (live.openRules.has(rule)) continue
    const verdict = judgeRule(rule, state, judging)
    if (verdict === 'met' || verdict === 'unmet') verdicts.set(rule, verdict)
  }
  const openRules = [...live.rules].filter((rule) => !verdicts.has(rule))
  const isWanted = (fact: string) => live.facts.has(fact) || openRules.some((rule) => judging.ruleFacts.get(rule)!.has(fact))
  const keepsValue = (key: string) => (key.startsWith('school.')
    ? live.school || openRules.length > 0
    : key.split(/[ @]/).some(isWanted))
  return {
    ...state,
    verdicts,
    outcomes: new Map([...state.outcomes].filter(([phase]) => live.outcomes.has(phase))),
    filed: new Set([...state.filed].filter((form) => live.forms.has(form))),
    values: new Map([...state.values].filter(([key]) => keepsValue(key))),
    sent: new Set([...state.sent].filter((phase) => live.phases.has(phase))),
    bars: new Set([...state.bars].filter((bar) => live.phases.has(bar.slice(bar.indexOf('>') + 1)))),
    done: new Set([...state.done].filter((phase) => live.phases.has(phase))),
  }
}

function testsSchool(cond: Cond): boolean {
  if (cond.op === 'all' || cond.op === 'any') return cond.of.some(testsSchool)
  return cond.op === 'not' ? testsSchool(cond.of) : cond.op === 'school'
}

/** The facts each rule rests on, through the rules it reads. */
export function factsOfRules(timeline: Timeline): Map<RuleId, Set<string>> {
  return new Map(Object.keys(timeline.rules).map((rule) => [rule, readsOfRule(rule, timeline.rules).facts]))
}

/** Everything that the guards and rules of a timeline test. */
export function conditionsIn(timeline: Timeline): Cond[] {
  const guards = timeline.phases.flatMap((phase) => (typeof phase.who === 'object' ? [phase.who] : []))
  const children = timeline.children === 'everyone' ? [] : [timeline.children]
  return [...guards, ...children, ...Object.values(timeline.rules).map((rule) => rule.needs)]
}

/** True if some phase, rule or group of the timeline reads this fact. */
export function isFactRead(timeline: Timeline, fact: string): boolean {
  return timeline.phases.some((phase) => readsOfPhase(timeline, phase).facts.has(fact))
    || Object.keys(timeline.facts).some((other) => partsOf(timeline.facts, other).includes(fact))
    || conditionsIn(timeline).some((cond) => readsOf(cond, {}, noReads()).facts.has(fact))
}
