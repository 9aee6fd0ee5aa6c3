import type { FactValue, FormId, Outcome, PhaseId, RuleVerdict } from '../language.js'
import type { Step } from './steps.js'

/** What was said or happened on the way of a child, the newest first. */
export type Trail = { before: Trail; event: TrailEvent; length: number } | undefined
export type TrailEvent =
  | { kind: 'say'; atom: Atom; value: FactValue }
  | { kind: 'outcome'; step: Step; outcome: Outcome }

/** Something about a child that the policy leaves open: a value, whether addresses agree, where one lies. */
export interface Atom {
  key: string
  /** In words: what has a value, or a statement that holds. */
  says: string
  /** The statement that holds otherwise. */
  denies?: string
  domain: readonly FactValue[]
}

/** A sort of child at one point of the season. Never changed; each step makes new ones. */
export interface ChildState {
  outcomes: ReadonlyMap<PhaseId, Outcome>
  filed: ReadonlySet<FormId>
  values: ReadonlyMap<string, FactValue>
  verdicts: ReadonlyMap<string, RuleVerdict>
  held: readonly PhaseId[]
  taken: PhaseId | undefined
  /** Phases some outcome sent the child to, and bars as `from>to`. */
  sent: ReadonlySet<PhaseId>
  bars: ReadonlySet<string>
  /** Phases still to be settled that already gave an outcome. */
  done: ReadonlySet<PhaseId>
  ended: boolean
  /** The outcome that decided most lately, as `phase.outcome`: by it the catch-all's children are told apart. */
  latest: string
  trail: Trail
}

export const NEWCOMER: ChildState = {
  outcomes: new Map(), filed: new Set(), values: new Map(), verdicts: new Map(), held: [], taken: undefined,
  sent: new Set(), bars: new Set(), done: new Set(), ended: false, latest: '', trail: undefined,
}

/** Equal for two children whom no later step can tell apart. */
export function keyOf(state: ChildState): string {
  const map = (entries: ReadonlyMap<string, FactValue>) => [...entries].map(([key, value]) => `${key}=${value}`).sort().join(',')
  const set = (members: Iterable<string>) => [...members].sort().join(',')
  return [
    map(state.outcomes), set(state.filed), map(state.values), map(state.verdicts), set(state.held), state.taken ?? '',
    set(state.sent), set(state.bars), set(state.done), state.ended ? 'ended' : '', state.latest,
  ].join('|')
}

/** The same child, of whom the open point is now decided. */
export function withValue(state: ChildState, atom: Atom, value: FactValue): ChildState {
  return {
    ...state,
    values: new Map(state.values).set(atom.key, value),
    trail: extend(state.trail, { kind: 'say', atom, value }),
  }
}

/** The trail with one more event. */
export function extend(trail: Trail, event: TrailEvent): Trail {
  return { before: trail, event, length: lengthOf(trail) + 1 }
}

/** How many events a trail has: of two children of one sort the shorter story is kept. */
export function lengthOf(trail: Trail): number {
  return trail?.length ?? 0
}

/** The events of a trail, the oldest first. */
export function eventsOf(trail: Trail): TrailEvent[] {
  const events: TrailEvent[] = []
  for (let at = trail; at; at = at.before) events.push(at.event)
  return events.reverse()
}
