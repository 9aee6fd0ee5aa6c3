import type { ChildFact } from '../../contracts/facts.js'
import type { Outcome, PhaseId } from '../../policies/language.js'
import { foldKnowledge, mergeFact, type Knowledge } from '../../policies/knowledge.js'
import { settleClosed } from '../../policies/settle.js'
import type { Timeline } from '../../policies/timeline.js'
import type { EnrollmentState } from './state.js'

/** What knowledge follows from; of a state only replaced, never changed. */
type Known = Pick<EnrollmentState, 'facts' | 'outcomes' | 'closed'>
/** The last knowledge of these facts: it is asked for many times, and most changes of a state do not touch it. */
const folded = new WeakMap<Known['facts'], Known & { knowledge: Knowledge }>()

/** What is known of the child: the services' facts, and the outcomes only its workflow states. */
export function knowledgeOf({ facts, outcomes, closed }: Known, timeline: Timeline): Knowledge {
  const there = folded.get(facts)
  if (there?.outcomes === outcomes && there.closed === closed) return there.knowledge
  const stated = foldKnowledge(timeline, facts)
  const knowledge = settleClosed(timeline, { ...stated, outcomes: { ...outcomes, ...stated.outcomes } }, new Set(closed))
  folded.set(facts, { facts, outcomes, closed, knowledge })
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
