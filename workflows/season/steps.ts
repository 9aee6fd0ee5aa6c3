import type { PhaseId } from '../../contracts/ids.js'
import type { Timeline, TimelinePhase } from '../../policies/timeline.js'

/** One thing the season does at an instant (ms). */
export interface SeasonStep {
  kind: 'close' | 'publish' | 'decide'
  phase: PhaseId
  at: number
}

/**
 * What the calendar asks for, in the order in which it is done: at one instant windows close before anything is
 * decided or published, decisions fall in the policy's order, and what happens at an instant is closed after it
 * happened. Rounds close with their own publication.
 */
export function stepsOf(timeline: Timeline): SeasonStep[] {
  return timeline.phases.flatMap(ofPhase).sort((a, b) => inOrder(timeline, a, b))
}

/** Puts a step back whose instant was moved. */
export function reschedule(steps: readonly SeasonStep[], step: SeasonStep, timeline: Timeline): SeasonStep[] {
  return [...steps.filter(({ kind, phase }) => kind !== step.kind || phase !== step.phase), step].sort((a, b) => inOrder(timeline, a, b))
}

function ofPhase(phase: TimelinePhase): SeasonStep[] {
  const close: SeasonStep = { kind: 'close', phase: phase.id, at: phase.closesAt }
  if (phase.owner === 'workflow') return []
  if (phase.kind === 'round') return [{ kind: 'decide', phase: phase.id, at: phase.opensAt }]
  const isPublic = phase.kind === 'publication' && (phase.what === 'vacancies' || phase.what === 'plan')
  return isPublic ? [{ kind: 'publish', phase: phase.id, at: phase.opensAt }, close] : [close]
}

function inOrder(timeline: Timeline, a: SeasonStep, b: SeasonStep): number {
  const phaseOf = ({ phase }: SeasonStep) => timeline.phases.find(({ id }) => id === phase)!
  const rank = (step: SeasonStep) => (step.kind !== 'close' ? 1 : phaseOf(step).opensAt === phaseOf(step).closesAt ? 2 : 0)
  return a.at - b.at || rank(a) - rank(b) || phaseOf(a).index - phaseOf(b).index
}
