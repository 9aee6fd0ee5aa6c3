import { negativeOutcome, type PhaseId } from './language.js'
import type { Knowledge } from './knowledge.js'
import { mayEnter } from './standing.js'
import { settlingOrder, type Timeline } from './timeline.js'

/**
 * Adds the outcomes that silence has: for each phase its owner closed, in the order in which phases end, the
 * negative outcome of a child whom the phase asks and who has none. Such an outcome may send the child to a
 * later phase, or bar it, before that phase's own silence is judged. A round is not silent: it tells every child on its
 * list what became of it, so a child without an outcome was not in it, whatever it may enter today.
 * @param closed phases whose owner has closed them; no other has a negative outcome yet
 */
export function settleClosed(timeline: Timeline, knowledge: Knowledge, closed: ReadonlySet<PhaseId>): Knowledge {
  let settled = knowledge
  for (const phase of settlingOrder(timeline)) {
    const negative = negativeOutcome(phase.kind)
    if (negative === undefined || phase.kind === 'round' || !closed.has(phase.id) || settled.outcomes[phase.id] !== undefined) continue
    if (mayEnter(timeline, phase.id, settled) !== 'yes') continue
    settled = { ...settled, outcomes: { ...settled.outcomes, [phase.id]: negative } }
  }
  return settled
}
