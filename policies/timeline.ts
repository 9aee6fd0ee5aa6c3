import type { Cond, Effect, FactId, FactTypeName, FormId, GroupId, Outcome, Owner, PhaseId, PhaseKind, PlaceId, PointTable, PolicyId, RuleId, Terms, Who } from './language.js'
import { placeFactOf } from './places.js'

/**
 * A policy compiled to absolute instants (ms since 1970 UTC). Plain JSON, carried by value: whoever holds
 * one never looks the policy up again.
 */
export interface Timeline {
  policy: { id: PolicyId; version: number; hash: string }
  timezone: string
  /** `real`, or the instants were compressed for a rehearsal. */
  calendar: 'real' | 'compressed'
  opensAt: number
  /** The last phase's end: the season is over. */
  closesAt: number
  children: 'everyone' | Cond
  groups: Record<GroupId, Cond>
  places: PlaceId[]
  /** What people call the places; older timelines do not say. */
  placeLabels?: Record<PlaceId, string>
  facts: Record<FactId, TimelineFact>
  rules: Record<RuleId, { needs: Cond; says: string }>
  phases: TimelinePhase[]
}

export interface TimelineFact {
  type: FactTypeName
  /** What people call it. */
  label?: string
  of?: string[]
  /** What people call its values. */
  labels?: Record<string, string>
  from?: 'roster' | 'season'
  sum?: FactId[]
  table?: Pick<PointTable, 'says' | 'rows' | 'atMost'>
  askedBy: PhaseId[]
  /** Checks whose authority answers it: declared alone it is unknown. */
  answeredBy: PhaseId[]
  /** Reviews that may state it. */
  foundBy: PhaseId[]
  /** Reviews that gate or judge a rule reading it: their decision settles it. */
  settledBy: PhaseId[]
}

export interface OutcomeRef {
  phase: PhaseId
  outcome: Outcome
}

export interface Span {
  opensAt: number
  closesAt: number
}

/** A request is in time if `opensAt <= receivedAt < closesAt`. A phase that happens at one instant has both equal. */
export interface PhaseSpan extends Span {
  id: PhaseId
  /** What people call it. */
  label?: string
  index: number
  owner: Owner
  who: Who
  effects: Partial<Record<Outcome, Effect>>
  /** Outcomes elsewhere that keep a child out of this phase. */
  barredBy: OutcomeRef[]
  /** Outcomes elsewhere that bring a child into this phase. */
  sentBy: OutcomeRef[]
}
export type TimelinePhase = PhaseSpan & Terms & { handover?: Span; publishAt?: number }
export type TimelinePhaseOf<K extends PhaseKind> = Extract<TimelinePhase, { kind: K }>

/** @throws RangeError if the timeline has no such phase */
export function phaseById(timeline: Timeline, id: PhaseId): TimelinePhase {
  const phase = timeline.phases.find((candidate) => candidate.id === id)
  if (!phase) throw new RangeError(`policy ${timeline.policy.id} has no phase ${id}`)
  return phase
}

/** The phases of one kind, in the notice's order. */
export function phasesOfKind<K extends PhaseKind>(timeline: Timeline, kind: K): TimelinePhaseOf<K>[] {
  return timeline.phases.filter((phase): phase is TimelinePhaseOf<K> => phase.kind === kind)
}

/** The address by which children are placed: that of the first round after this phase that goes by one, else of any. */
export function placingAddress(timeline: Timeline, { index }: Pick<PhaseSpan, 'index'>): FactId | undefined {
  const rounds = phasesOfKind(timeline, 'round').filter((round) => round.address !== undefined)
  return (rounds.find((round) => round.index > index) ?? rounds[0])?.address
}

/** The registration phases that file this form. */
export function phasesFiling(timeline: Timeline, form: FormId): TimelinePhaseOf<'registration'>[] {
  return phasesOfKind(timeline, 'registration').filter((phase) => phase.form === form)
}

/** What the outcome of a phase does; `{}` if nothing. */
export function effectOf(phase: TimelinePhase, outcome: string): Effect {
  return phase.effects[outcome as Outcome] ?? {}
}

/** When the outcomes of a review are told (ms): with the first result phase that shows it, else as they are decided. */
export const toldAtOf = (review: TimelinePhaseOf<'review'>): number => review.publishAt ?? review.opensAt

/** When the results of a round may be seen (ms): the first result phase that shows it, else the decision itself. */
export function publishAtOf(round: TimelinePhaseOf<'round'>): number {
  return round.publishAt ?? round.opensAt
}

/** True if a request received then (ms) is inside the window; the end instant is outside. */
export function isOpen(phase: Span, receivedAt: number): boolean {
  return phase.opensAt <= receivedAt && receivedAt < phase.closesAt
}

/** Everything a condition reads, rules followed to their ends. */
export interface Reads {
  facts: Set<FactId>
  /** Place facts of addresses. */
  places: Set<FactId>
  forms: Set<FormId>
  phases: Set<PhaseId>
  rules: Set<RuleId>
  seat: boolean
}

/** Collects what a condition reads, through rules. */
export function readsOf(cond: Cond, rules: Timeline['rules'], into: Reads = noReads()): Reads {
  switch (cond.op) {
    case 'all':
    case 'any':
      for (const part of cond.of) readsOf(part, rules, into)
      return into
    case 'not':
      return readsOf(cond.of, rules, into)
    case 'same':
      for (const fact of cond.facts) into.facts.add(fact)
      return into
    case 'fact':
      into.facts.add(cond.fact)
      if ('in' in cond.test) into.places.add(placeFactOf(cond.fact, cond.test.in))
      return into
    case 'rule':
      return readsOfRule(cond.rule, rules, into)
    case 'form':
      into.forms.add(cond.form)
      return into
    case 'outcome':
      into.phases.add(cond.phase)
      return into
    case 'seat':
      into.seat = true
      return into
    case 'school':
      return into
  }
}

/** Collects what a rule reads, through other rules; a rule already collected is not followed again. */
export function readsOfRule(id: RuleId, rules: Timeline['rules'], into: Reads = noReads()): Reads {
  const rule = rules[id]
  if (!rule || into.rules.has(id)) return into
  into.rules.add(id)
  return readsOf(rule.needs, rules, into)
}

/** An empty collection to read into. */
export function noReads(): Reads {
  return { facts: new Set(), places: new Set(), forms: new Set(), phases: new Set(), rules: new Set(), seat: false }
}

/** The facts of which a counted one is made, through those that are counted themselves; none of a fact that somebody states. */
export function partsOf(facts: Record<FactId, { sum?: FactId[]; table?: Pick<PointTable, 'rows'> }>, id: FactId): FactId[] {
  const { sum = [], table } = facts[id] ?? {}
  const parts = [...sum, ...(table?.rows.map(({ fact }) => fact) ?? [])]
  return parts.flatMap((part) => [part, ...partsOf(facts, part)])
}

/** Phases as they are settled: by their end; at one instant windows close before decisions fall, decisions in the notice's order. */
export function settlingOrder(timeline: Timeline): TimelinePhase[] {
  const decides = (phase: TimelinePhase) => (phase.opensAt === phase.closesAt ? 1 : 0)
  return [...timeline.phases].sort((a, b) => a.closesAt - b.closesAt || decides(a) - decides(b) || a.index - b.index)
}
