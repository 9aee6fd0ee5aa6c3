import type { ChildFact } from '../../../contracts/facts.js'
import { foldKnowledge } from '../../../policies/knowledge.js'
import { settleClosed } from '../../../policies/settle.js'
import { standing, type Standing } from '../../../policies/standing.js'
import type { Timeline, TimelinePhase } from '../../../policies/timeline.js'

/**
 * Whether a phase asks this child when its case is opened. The phases that ended before this one opened are over for
 * it, so their silence counts; a phase it depends on can never be extended past its opening.
 */
export function entryOf(timeline: Timeline, phase: TimelinePhase, facts: readonly ChildFact[]): Standing {
  const over = timeline.phases.filter((other) => other.id !== phase.id && other.closesAt <= phase.opensAt)
  const knowledge = settleClosed(timeline, foldKnowledge(timeline, facts), new Set(over.map(({ id }) => id)))
  return standing(timeline, phase.id, knowledge)
}
