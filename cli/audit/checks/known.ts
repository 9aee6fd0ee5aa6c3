import type { ChildFact } from '../../../contracts/facts.js'
import { foldKnowledge, type Knowledge } from '../../../policies/knowledge.js'
import type { PhaseId } from '../../../policies/language.js'
import { settleClosed } from '../../../policies/settle.js'
import { mayEnter } from '../../../policies/standing.js'
import type { Timeline } from '../../../policies/timeline.js'
import type { EventLog, Told } from '../sources/event-log.js'

/** How long what one service told may be on its way to those that copy it; more is a fault that an operator sees. */
const ON_ITS_WAY_MS = 10_000

/** An instant (ms) and the phases that had been closed by then. */
export interface Moment {
  at: number
  closed: ReadonlySet<PhaseId>
}

/** What was known of a child at a moment: what was told of it, and what the silence of closed phases means. */
export interface Reading {
  facts: ChildFact[]
  knowledge: Knowledge
}

/** The moment at an instant (ms), by the closes that were told. */
export const momentAt = ({ closedAt }: Pick<EventLog, 'closedAt'>, at: number): Moment =>
  ({ at, closed: new Set([...closedAt].flatMap(([phase, closed]) => (closed <= at ? [phase] : []))) })

/**
 * What may have been known of a child at a moment. What was told before is certain if a close had fixed it, or if it was
 * told long enough before. What was told just before may still have been on its way: that a child leaves, a form of a
 * phase that was still open. Only then there is a second reading, without it; a decision is wrong if it is so by each.
 */
export function readingsAt(timeline: Timeline, told: readonly Told[], moment: Moment): Reading[] {
  const before = told.filter(({ at }) => at <= moment.at)
  const certain = before.filter((one) => isCertain(one, moment))
  return (certain.length < before.length ? [before, certain] : [before]).map((known) => readingOf(timeline, known, moment))
}

function isCertain({ at, fact: { outcomes = {} } }: Told, moment: Moment): boolean {
  const phases = Object.keys(outcomes)
  return at <= moment.at - ON_ITS_WAY_MS || (phases.length > 0 && phases.every((phase) => moment.closed.has(phase)))
}

function readingOf(timeline: Timeline, told: readonly Told[], { closed }: Moment): Reading {
  const newest = new Map<string, ChildFact>()
  for (const { fact } of told) {
    const key = `${fact.aggregate}/${fact.id}`
    if ((newest.get(key)?.revision ?? 0) < fact.revision) newest.set(key, fact)
  }
  const facts = [...newest.values()]
  return { facts, knowledge: settleClosed(timeline, foldKnowledge(timeline, facts), closed) }
}

/** Whether a phase asks the child by this reading; the policy is the judge. */
export const isAsked = (timeline: Timeline, phase: PhaseId, { knowledge }: Reading): boolean => mayEnter(timeline, phase, knowledge) === 'yes'
