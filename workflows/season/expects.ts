import type { PhaseId } from '../../contracts/ids.js'
import type { PhaseClose } from '../../contracts/workflows.js'
import { readsOfPhase } from '../../policies/dependents.js'
import { phaseById, type Timeline } from '../../policies/timeline.js'

/**
 * What the owners said at the closes of the phases this round reads: by whom it asks, by the facts that order or
 * locate its children, by what sends children to it or bars them; and the same of the choice phases it draws from,
 * whose entries count only for a child that the choice asked after all. Its freeze waits until the allocation's copy
 * has the same.
 */
export function expectsOf(timeline: Timeline, round: PhaseId, closes: ReadonlyMap<PhaseId, PhaseClose>): PhaseClose[] {
  const direct = readBy(timeline, round)
  const choices = [...direct].filter((id) => phaseById(timeline, id).kind === 'choice')
  const wanted = new Set([...direct, ...choices.flatMap((id) => [...readBy(timeline, id)])])
  return timeline.phases.flatMap(({ id }) => {
    const close = wanted.has(id) ? closes.get(id) : undefined
    return close ? [close] : []
  })
}

function readBy(timeline: Timeline, id: PhaseId): Set<PhaseId> {
  const phase = phaseById(timeline, id)
  const reads = readsOfPhase(timeline, phase)
  const statedBy = [...reads.facts].flatMap((id) => {
    const fact = timeline.facts[id]
    return fact ? [...fact.askedBy, ...fact.answeredBy, ...fact.foundBy, ...fact.settledBy] : []
  })
  const filing = timeline.phases.filter((other) => other.kind === 'registration' && reads.forms.has(other.form)).map(({ id }) => id)
  const effects = [...phase.barredBy, ...phase.sentBy].map((ref) => ref.phase)
  return new Set([...reads.phases, ...statedBy, ...filing, ...effects])
}
