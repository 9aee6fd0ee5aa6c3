import type { ChildFact } from '../../contracts/facts.js'
import type { Outcome, PhaseId } from '../../policies/language.js'
import { foldKnowledge, mergeFact, type Knowledge } from '../../policies/knowledge.js'
import { settleClosed } from '../../policies/settle.js'
import type { Timeline } from '../../policies/timeline.js'
import type { EnrollmentState } from './state.js'

/** A state is never changed, only replaced, and asked for its knowledge many times. */
const folded = new WeakMap<EnrollmentState, Knowledge>()

/** What is known of the child: the services' facts, and the outcomes only its workflow states. */
export function knowledgeOf(state: EnrollmentState, timeline: Timeline): Knowledge {
  const there = folded.get(state)
  if (there) return there
  const stated = foldKnowledge(timeline, state.facts)
  const outcomes = { ...state.outcomes, ...stated.outcomes }
  const knowledge = settleClosed(timeline, { ...stated, outcomes }, new Set(state.closed))
  folded.set(state, knowledge)
  return knowledge
}

/** Adds facts; the state itself if none is news. */
export function learn(state: EnrollmentState, facts: readonly ChildFact[]): EnrollmentState {
  const newest = facts.reduce<readonly ChildFact[]>(mergeFact, state.facts)
  return newest === state.facts ? state : { ...state, facts: newest }
}

/**
 * Marks a phase as closed and keeps what silence means at that moment: a child whom a desk places tomorrow was
 * still overdue at yesterday's.
 */
export function close(state: EnrollmentState, phase: PhaseId, timeline: Timeline): EnrollmentState {
  const closed = [...state.closed, phase]
  const { outcomes } = knowledgeOf({ ...state, closed }, timeline)
  const stated = foldKnowledge(timeline, state.facts).outcomes
  const silent = Object.entries(outcomes).filter(([id]) => stated[id] === undefined) as [PhaseId, Outcome][]
  return { ...state, closed, outcomes: { ...state.outcomes, ...Object.fromEntries(silent) } }
}
