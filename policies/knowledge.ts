import type { ChildFact, Seat } from '../contracts/facts.js'
import type { FactId, FactValue, FormId, Outcome, PhaseId, SeatState } from './language.js'
import { isLive } from './language.js'
import { addressOf } from './places.js'
import { addCounted } from './points.js'
import { phaseById, type Timeline } from './timeline.js'

/** What the fold reads of a fact: the part of a child fact that a policy can read. */
export type KnowableFact = Pick<ChildFact, 'aggregate' | 'id' | 'revision' | 'facts' | 'none' | 'outcomes' | 'seats'>

/** The strongest first. */
export const FACT_SOURCES = ['finding', 'authority', 'roster', 'declared', 'table', 'sum'] as const
export type FactSource = (typeof FACT_SOURCES)[number]

export interface StatedFact {
  value: FactValue
  source: FactSource
  /** False while a value is only declared and an authority or a review has yet to say. */
  known: boolean
}

/** All that is known about one child, the same whatever the order in which the facts arrived. */
export interface Knowledge {
  facts: Record<FactId, StatedFact>
  forms: Record<FormId, 'filed'>
  outcomes: Record<PhaseId, Outcome>
  seat: SeatState
  held: Seat[]
  taken?: Seat
  withdrawn: boolean
}

/**
 * Adds a fact to the newest facts of a child, one for each (aggregate, id).
 * Returns the very same array if the fact is no newer than what is there.
 */
export function mergeFact<F extends KnowableFact>(newest: readonly F[], fact: F): readonly F[] {
  const at = newest.findIndex((known) => known.aggregate === fact.aggregate && known.id === fact.id)
  if (at < 0) return [...newest, fact]
  if (newest[at]!.revision >= fact.revision) return newest
  return newest.with(at, fact)
}

/** Folds facts in any order, with repetitions, to what is known about the child. */
export function foldKnowledge(timeline: Timeline, facts: Iterable<KnowableFact>): Knowledge {
  const snapshots = latestFirst(timeline, newestOf(facts))
  const outcomes = foldOutcomes(timeline, snapshots)
  const places = snapshots.flatMap(({ seats }) => (seats ? [seats] : []))
  const held = places.flatMap((place) => place.held)
  const taken = places.find((place) => place.taken)?.taken
  return {
    facts: foldFacts(timeline, snapshots, outcomes),
    forms: foldForms(timeline, outcomes),
    outcomes,
    seat: taken ? 'taken' : held.length > 0 ? 'held' : 'none',
    held,
    ...(taken ? { taken } : {}),
    withdrawn: snapshots.some(({ aggregate }) => aggregate === 'withdrawal'),
  }
}

function newestOf(facts: Iterable<KnowableFact>): KnowableFact[] {
  const newest = new Map<string, KnowableFact>()
  for (const fact of facts) {
    const key = `${fact.aggregate}/${fact.id}`
    const known = newest.get(key)
    if (!known || known.revision < fact.revision) newest.set(key, fact)
  }
  return [...newest.values()]
}

/**
 * Facts in the order in which they count where several say the same: whoever states an outcome of a later phase first.
 * Revisions count within one aggregate and one id alone: a form that was amended often is not later than another.
 */
export function latestFirst<F extends KnowableFact>(timeline: Timeline, facts: readonly F[]): F[] {
  const weighed = facts.map((fact) => ({ fact, lastPhase: lastPhaseOf(timeline, fact) }))
  weighed.sort((a, b) => b.lastPhase - a.lastPhase || bySnapshotOrder(a.fact, b.fact))
  return weighed.map(({ fact }) => fact)
}

/** The index of the latest phase of which it states an outcome; -1 if of none. */
function lastPhaseOf(timeline: Timeline, { outcomes }: KnowableFact): number {
  let lastPhase = -1
  for (const phase of timeline.phases) {
    if (outcomes?.[phase.id] !== undefined) lastPhase = phase.index
  }
  return lastPhase
}

function bySnapshotOrder(a: KnowableFact, b: KnowableFact): number {
  return b.revision - a.revision || compareText(a.aggregate, b.aggregate) || compareText(a.id, b.id)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function foldOutcomes(timeline: Timeline, snapshots: readonly KnowableFact[]): Record<PhaseId, Outcome> {
  const outcomes: Record<PhaseId, Outcome> = {}
  for (const phase of timeline.phases) {
    for (const fact of snapshots) {
      const stated = fact.outcomes?.[phase.id] as Outcome | undefined
      if (stated === undefined) continue
      const there = outcomes[phase.id]
      if (there === undefined || (!isLive(phase.kind, there) && isLive(phase.kind, stated))) outcomes[phase.id] = stated
    }
  }
  return outcomes
}

function foldForms(timeline: Timeline, outcomes: Record<PhaseId, Outcome>): Record<FormId, 'filed'> {
  const forms: Record<FormId, 'filed'> = {}
  for (const phase of timeline.phases) {
    if (phase.kind === 'registration' && outcomes[phase.id] === 'filed') forms[phase.form] = 'filed'
  }
  return forms
}

function foldFacts(timeline: Timeline, snapshots: readonly KnowableFact[], outcomes: Record<PhaseId, Outcome>): Record<FactId, StatedFact> {
  const strongest = new Map<FactId, { source: FactSource; value?: FactValue }>()
  for (const fact of snapshots) {
    const statements: [FactId, FactValue?][] = [...Object.entries(fact.facts ?? {}), ...(fact.none ?? []).map((id): [FactId] => [id])]
    for (const [id, value] of statements) {
      const source = sourceOf(timeline, fact, id)
      const there = strongest.get(id)
      if (there && FACT_SOURCES.indexOf(there.source) <= FACT_SOURCES.indexOf(source)) continue
      strongest.set(id, { source, ...(value !== undefined && { value }) })
    }
  }
  const stated: Record<FactId, StatedFact> = {}
  for (const [id, { source, value }] of strongest) {
    if (value !== undefined) stated[id] = { value, source, known: isKnown(timeline, id, source, outcomes) }
  }
  addCounted(timeline.facts, stated)
  return stated
}

function sourceOf(timeline: Timeline, fact: KnowableFact, id: FactId): FactSource {
  if (fact.aggregate === 'roster') return 'roster'
  if (fact.aggregate !== 'case') return 'declared'
  const found = timeline.facts[addressOf(id)]?.foundBy ?? []
  return found.some((review) => fact.id === review || isDecided(fact.outcomes?.[review])) ? 'finding' : 'authority'
}

/**
 * A fact that an authority answers, or only a review finds, stays unknown on a declaration alone until one
 * of them has said so: silence is no answer, and a decided review leaves nothing it rests on unknown.
 */
function isKnown(timeline: Timeline, id: FactId, source: FactSource, outcomes: Record<PhaseId, Outcome>): boolean {
  const fact = timeline.facts[addressOf(id)]
  if (!fact || fact.from) return true
  const decided = (review: PhaseId) => isDecided(outcomes[review])
  if (fact.foundBy.some(decided) || fact.settledBy.some(decided)) return true
  if (fact.answeredBy.length > 0) return fact.answeredBy.some((check) => outcomes[check] === 'answered')
  if (fact.foundBy.length > 0 && fact.askedBy.length === 0) return source === 'finding'
  return true
}

function isDecided(outcome: string | undefined): boolean {
  return outcome === 'approved' || outcome === 'refused'
}

/** The fact's value if it is known. */
export function knownValue(knowledge: Knowledge, fact: FactId): FactValue | undefined {
  const stated = knowledge.facts[fact]
  return stated?.known ? stated.value : undefined
}

/** True if the child holds or has taken a seat of this round. */
export function hasSeatOf(knowledge: Knowledge, round: PhaseId): boolean {
  return knowledge.taken?.basis === round || holdsSeatOf(knowledge, round)
}

/** True if the child holds a seat of this round, not yet taken. */
export function holdsSeatOf(knowledge: Knowledge, round: PhaseId): boolean {
  return knowledge.held.some((seat) => seat.basis === round)
}

/** The outcome that ended the child's season, if one did: placed or ended on a desk, or closed. */
export function endOf(timeline: Timeline, knowledge: Knowledge): { phase: PhaseId; outcome: Outcome } | undefined {
  for (const [phase, outcome] of Object.entries(knowledge.outcomes)) {
    const { kind } = phaseById(timeline, phase)
    if ((kind === 'arrangement' || kind === 'closing') && isLive(kind, outcome)) return { phase, outcome }
  }
  return undefined
}
