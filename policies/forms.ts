import type { ChildFact } from '../contracts/facts.js'
import { latestFirst } from './knowledge.js'
import type { FactId } from './language.js'
import type { Timeline } from './timeline.js'

/** Of a child's forms that state something the one whose word counts: that filed through the latest phase. */
export const latestForm = (timeline: Timeline, facts: readonly ChildFact[], states: (form: ChildFact) => boolean): ChildFact | undefined =>
  latestFirst(timeline, facts.filter((fact) => fact.aggregate === 'registration' && states(fact)))[0]

/** The zone of an address by the latest form that states it; undefined if none does or it lies in no zone. */
export const zoneOf = (timeline: Timeline, address: FactId, facts: readonly ChildFact[]): string | undefined =>
  latestForm(timeline, facts, ({ zones }) => zones?.[address] !== undefined)?.zones?.[address] ?? undefined
