import { foldKnowledge, type KnowableFact, type Knowledge } from './knowledge.js'
import type { FactValue, PhaseId } from './language.js'
import { settleClosed } from './settle.js'
import { mayEnter } from './standing.js'
import { settlingOrder, type Timeline } from './timeline.js'

type Values = Record<string, FactValue>

/** A family that lives, owns and is registered at one address, since long enough. */
export const MATCHING: Values = {
  route: 'zoned', disability: 'none',
  'household.address': 'a', 'household.since': '2017-03-01', 'household.head': 'parent', 'household.since-birth': true,
  'property.address': 'a', 'property.owner': 'guardian', 'property.parents-own': true, 'residence.address': 'a',
  'household.address@crowded-zones': false,
}
export const POINTS: Values = {
  'residence.address': 'r', 'residence.since': '2021-02-01', 'residence.months': 28, 'residence.tenure': 'rented',
  'work.in-district': true, 'work.insured-months': 27, 'work.business-months': 0, 'parent.education': 'college', 'parent.honour': false,
}

/** What services would state of a child, one aggregate each. */
export const told = {
  roster: (facts: Values): KnowableFact => ({ aggregate: 'roster', id: 'roster', revision: 1, facts }),
  filed: (phase: PhaseId, form: string, facts: Values = {}): KnowableFact => ({ aggregate: 'registration', id: form, revision: 1, facts, outcomes: { [phase]: 'filed' } }),
  case: (phase: PhaseId, outcome: string, facts: Values = {}): KnowableFact => ({ aggregate: 'case', id: phase, revision: 1, facts, outcomes: { [phase]: outcome } }),
  chosen: (phase: PhaseId): KnowableFact => ({ aggregate: 'choice', id: phase, revision: 1, outcomes: { [phase]: 'chosen' } }),
  place: (outcomes: Record<PhaseId, string>, seats: { held?: PhaseId; taken?: PhaseId } = {}): KnowableFact => ({
    aggregate: 'place', id: 'place', revision: 1, outcomes,
    seats: { held: seats.held ? [{ basis: seats.held, school: 's' }] : [], ...(seats.taken ? { taken: { basis: seats.taken, school: 's' } } : {}) },
  }),
}

/** What is known of a child once all phases that end no later than this one have been closed. */
export function knownAfter(timeline: Timeline, facts: KnowableFact[], phase?: PhaseId): Knowledge {
  const order = settlingOrder(timeline)
  const last = order.findIndex(({ id }) => id === phase)
  return settleClosed(timeline, foldKnowledge(timeline, facts), new Set(order.slice(0, last + 1).map(({ id }) => id)))
}

/** The phases after this one that ask the child of something, or decide about it, and have not yet. */
export function askedAfter(timeline: Timeline, facts: KnowableFact[], phase?: PhaseId): PhaseId[] {
  const knowledge = knownAfter(timeline, facts, phase)
  const order = settlingOrder(timeline)
  const over = new Set(order.slice(0, order.findIndex(({ id }) => id === phase) + 1).map(({ id }) => id))
  return timeline.phases
    .filter(({ id, kind }) => kind !== 'result' && kind !== 'publication' && !over.has(id) && knowledge.outcomes[id] === undefined)
    .filter(({ id }) => mayEnter(timeline, id, knowledge) === 'yes')
    .map(({ id }) => id)
}
