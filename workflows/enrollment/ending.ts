import { END_REASONS as REASONS, type EndState } from '../../contracts/enrollment.js'
import type { Seat } from '../../contracts/facts.js'
import type { Knowledge } from '../../policies/knowledge.js'
import { phasesOfKind, type Timeline } from '../../policies/timeline.js'
import type { EnrollmentState } from './state.js'

export { REASONS }

/** How the season ended for a child, when it closes. Every child gets exactly one. */
export function endOfSeason(state: EnrollmentState, knowledge: Knowledge, timeline: Timeline): EndState {
  if (state.ended) {
    const { way, ...ended } = state.ended
    return { kind: way ?? 'ended', ...ended }
  }
  const seat = knowledge.taken ?? knowledge.held.find((held) => isFinal(held, knowledge, timeline))
  if (seat) return seatedEnd(seat, knowledge, timeline)
  const [held] = knowledge.held
  if (held) return { kind: 'ended', phase: held.basis, reason: REASONS.notTakenUp }
  return { kind: 'ended', phase: state.arrangement?.phase ?? lastPhase(timeline), reason: REASONS.noSeat }
}

/** A desk's seat is final at once; another one where the policy says a paper or a confirmation takes it up. */
function isFinal({ basis }: Seat, knowledge: Knowledge, timeline: Timeline): boolean {
  if (basis === 'arrangement') return true
  const takingUp = [...phasesOfKind(timeline, 'notice'), ...phasesOfKind(timeline, 'confirmation')]
    .filter(({ takesUp, of }) => takesUp && of.includes(basis))
  return takingUp.some(({ id }) => knowledge.outcomes[id] === 'issued' || knowledge.outcomes[id] === 'confirmed')
}

function seatedEnd({ basis, school, way }: Seat, knowledge: Knowledge, timeline: Timeline): EndState {
  const round = phasesOfKind(timeline, 'round').find(({ id }) => id === basis)
  if (round) return { kind: 'enrolled', route: round.method, round: basis, school }
  const desk = phasesOfKind(timeline, 'arrangement').findLast(({ id }) => knowledge.outcomes[id] === 'placed')
  return { kind: way ?? 'arranged', phase: desk?.id ?? basis, school }
}

const lastPhase = (timeline: Timeline): string =>
  timeline.phases.reduce((last, phase) => (phase.closesAt >= last.closesAt ? phase : last)).id
