import { loadPolicy } from '../../../policies/load.js'
import { phaseById, type Timeline, type TimelinePhaseOf } from '../../../policies/timeline.js'
import type { ChildFact, FactValue } from '../../../contracts/facts.js'
import type { Case } from './case.js'
import type { DecisionContext } from './decide.js'

/** Builders of tests: Changchun's real policy and a child of it. */
export const SEASON = 'changchun-2022'
export const CHILD = `c${'a'.repeat(25)}`
export const GUARDIAN = `g${'a'.repeat(25)}`

export const changchun = async (): Promise<Timeline> => (await loadPolicy(SEASON)).timeline

export const review = (timeline: Timeline, id = 'review'): TimelinePhaseOf<'review'> => phaseById(timeline, id) as TimelinePhaseOf<'review'>

export const rosterFact = (facts: Record<string, FactValue> = { stage: 'primary' }, child = CHILD): ChildFact => ({
  season: SEASON, child, aggregate: 'roster', id: 'roster', revision: 1, facts, guardian: GUARDIAN, district: 'nanguan',
})

export const SAME_ADDRESSES = { 'household.address': 'a1', 'property.address': 'a1', 'residence.address': 'a1' }

export const filedFact = (facts: Record<string, FactValue> = SAME_ADDRESSES, zone: string | null = 'z1', child = CHILD): ChildFact => ({
  season: SEASON, child, aggregate: 'registration', id: 'information', revision: 1, facts,
  outcomes: { register: 'filed' }, zones: { 'household.address': zone }, number: '0001',
})

export const policeFact = (household: FactValue, child = CHILD): ChildFact => ({
  season: SEASON, child, aggregate: 'case', id: 'police-check', revision: 1,
  facts: { 'household.address': household }, outcomes: { 'police-check': 'answered' },
})

export const openReview = (over: Partial<Case> = {}): Case => ({
  season: SEASON, child: CHILD, phase: 'review', kind: 'review', state: 'at-school', school: 's1', district: 'nanguan',
  revision: 0, findings: {}, steps: [], ...over,
})

export const atSchool = (timeline: Timeline, facts: ChildFact[], over: Partial<DecisionContext> = {}): DecisionContext => ({
  timeline, phase: over.phase ?? review(timeline), theCase: openReview(), facts,
  caller: { subject: 'reviewer-1', role: 'school', school: 's1' }, receivedAt: 1, ...over,
})
