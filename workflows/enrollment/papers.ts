import type { Knowledge } from '../../policies/knowledge.js'
import type { PhaseId } from '../../policies/language.js'
import type { TimelinePhase, TimelinePhaseOf } from '../../policies/timeline.js'
import type { Setting } from './setting.js'
import { revisionOf, type Command, type EnrollmentState, type PaperKind } from './state.js'

type IssuePaper = Extract<Command, { kind: 'issue-paper' }>

/** The paper of a notice phase for a child that has a seat from one of its rounds. */
export function noticePaper(phase: TimelinePhaseOf<'notice'>, state: EnrollmentState, knowledge: Knowledge): IssuePaper {
  const seat = seatsOf(knowledge).find(({ basis }) => phase.of.includes(basis))
  const paper: PaperKind = phase.paper === 'admission-letter' ? 'admission-letter' : 'place-notice'
  return issue(phase.id, paper, seat?.school, false, state)
}

/** The admission letters now due: the child checked in, confirmed a seat for good, or was placed by a desk. */
export function lettersDue(state: EnrollmentState, knowledge: Knowledge, { timeline }: Setting): IssuePaper[] {
  return timeline.phases.flatMap((phase) => {
    if (!takesSeat(phase, knowledge.outcomes[phase.id]) || state.given.includes(`paper/${phase.id}`)) return []
    const seat = knowledge.taken ?? seatsOf(knowledge)[0]
    const exchanges = phase.kind === 'check-in' && phase.exchanges !== undefined
    return seat ? [issue(phase.id, 'admission-letter', seat.school, exchanges, state)] : []
  })
}

function takesSeat(phase: TimelinePhase, outcome: string | undefined): boolean {
  switch (phase.kind) {
    case 'check-in':
      return outcome === 'present'
    case 'confirmation':
      return outcome === 'confirmed' && phase.takesUp === true
    case 'arrangement':
      return outcome === 'placed'
    default:
      return false
  }
}

const seatsOf = ({ held, taken }: Knowledge) => [...(taken ? [taken] : []), ...held]

function issue(phase: PhaseId, paper: PaperKind, school: string | undefined, exchanges: boolean, state: EnrollmentState): IssuePaper {
  return { kind: 'issue-paper', phase, paper, ...(school ? { school } : {}), exchanges, revision: revisionOf(state, 'place') }
}
