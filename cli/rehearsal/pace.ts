import { phasesOfKind, type Timeline, type TimelinePhase, type TimelinePhaseOf } from '../../policies/timeline.js'
import type { Cast } from './families.js'

/** Least length of a window (ms), and what each child who acts in it adds, on two idle cores. */
const WINDOW_MS = 900
const WINDOW_MS_A_CHILD = 45
/** Who comes to a school acts as the letters about all results go out. */
const CHECK_IN_MS_A_CHILD = 55
/** Time between starting a season and its first opening: the catalogue, the roster and the workflows must be there. */
const LEAD_MS = 2_500
const LEAD_MS_A_CHILD = 5
/** Time after a close until the next instant, where nobody has to wait for what the close says. */
const SETTLE_MS = 200
/** Time after a drain that a close whose outcome sends children on needs, and what each child adds. */
const AFTERMATH_MS = 300
const AFTERMATH_MS_A_CHILD = 2
/** How long one round takes once it may be decided. */
const ROUND_MS = 1_200
/** How long a form takes to the desk of a review that goes on after the forms close, and what each adds: authorities are asked first. */
const TO_REVIEW_MS = 3_000
const TO_REVIEW_MS_A_FORM = 45
/** How long a child's workflow takes to a check that begins as the forms close: it asks about all that closed before. */
const TO_CHECK_MS = 1_500
/** How long a child's workflow may ask for what closed before it is on a desk: again after 0.5, 1, 2 and 4 s, each time with a request. */
const ASKED_AGAIN_MS = 10_000
/** Who confirms has to be told first: letters of all results shown in these days go out one after the other. */
const TOLD_MS = 4_000
const TOLD_MS_A_CHILD = 30
/** Rounds of so many days of the real calendar come close together in a compressed one (ms). */
const TOGETHER_MS = 3 * 86_400_000
/** Seats given up are in nobody's hands before these closed, and a result must be decided before it is to be seen. */
const hasAftermath = (phase: TimelinePhase): boolean =>
  ['check-in', 'confirmation', 'arrangement'].includes(phase.kind) || (phase.publishAt ?? phase.closesAt) > phase.closesAt

/** What a compressed calendar must leave for so many children (ms), on a machine so many times slower than usual. */
export function pace(timeline: Timeline, { families, acting }: Cast, drainMs: number, slowness: number) {
  const children = families.length
  const toAct = (phase: TimelinePhase) => slowness * (WINDOW_MS + besides(timeline, phase).reduce((sum, one) => sum + acting(one), 0) * aChild(phase))
  const toPublish = (round: TimelinePhaseOf<'round'>) => drainMs + slowness * ROUND_MS * roundsTogether(timeline, round)
  const toWait = ({ id }: TimelinePhase) => {
    const awaited = new Set(families.flatMap(({ script }) => [script.forms[id]?.ifLost, script.choices[id]?.ifLost]))
    return Math.max(0, ...phasesOfKind(timeline, 'round').filter((round) => awaited.has(round.id)).map(toPublish))
  }
  const toHear = drainMs + slowness * (AFTERMATH_MS + children * AFTERMATH_MS_A_CHILD)
  return {
    leadMs: slowness * (LEAD_MS + children * LEAD_MS_A_CHILD),
    minimumWindowMs: (phase: TimelinePhase) => toAct(phase) + toWait(phase)
      + (isChecked(timeline, phase) ? slowness * TO_REVIEW_MS : 0)
      + (followsForms(timeline, phase) ? slowness * TO_CHECK_MS : 0)
      + (phase.kind === 'confirmation' ? slowness * (TOLD_MS + children * TOLD_MS_A_CHILD) : 0)
      + (isFilledAtOpening(timeline, phase) ? toHear + ASKED_AGAIN_MS : 0),
    afterResultMs: (phase: TimelinePhase) => toAct(phase) + (phase.kind === 'round' ? toPublish(phase) : 0),
    settleMs: (phase: TimelinePhase) => {
      if (hasAftermath(phase)) return phase.kind === 'round' ? Math.max(toHear, toPublish(phase)) : toHear
      return slowness * (isBeingReviewed(timeline, phase) ? TO_REVIEW_MS + acting(phase) * TO_REVIEW_MS_A_FORM : SETTLE_MS)
    },
  }
}

const aChild = ({ kind }: TimelinePhase): number => (kind === 'check-in' ? CHECK_IN_MS_A_CHILD : WINDOW_MS_A_CHILD)

/** The phases whose work has to be done in the time of this one: of checks, reviews and forms under review all that are open together. */
function besides(timeline: Timeline, phase: TimelinePhase): TimelinePhase[] {
  const isOfCases = ({ kind }: TimelinePhase) => kind === 'check' || kind === 'review'
  if (!isOfCases(phase) && !isBeingReviewed(timeline, phase)) return [phase]
  return timeline.phases.filter((one) => one.id === phase.id || (isOfCases(one) && one.opensAt < phase.closesAt && phase.opensAt < one.closesAt))
}

/** A desk whose cases come from those who missed a check-in that closes as it opens. */
const isFilledAtOpening = (timeline: Timeline, { kind, opensAt }: TimelinePhase): boolean =>
  kind === 'arrangement' && phasesOfKind(timeline, 'check-in').some(({ closesAt }) => closesAt === opensAt)

/** Authorities answer while a review goes on. */
const isChecked = (timeline: Timeline, { kind, opensAt, closesAt }: TimelinePhase): boolean =>
  kind === 'review' && phasesOfKind(timeline, 'check').some((check) => check.opensAt < closesAt && opensAt < check.closesAt)

/** A check that opens as forms close. */
const followsForms = (timeline: Timeline, { kind, opensAt }: TimelinePhase): boolean =>
  kind === 'check' && phasesOfKind(timeline, 'registration').some(({ closesAt }) => closesAt === opensAt)

/** Rounds decided shortly before this one, itself included, each takes what the one before left; one that officers approve counts twice. */
const roundsTogether = (timeline: Timeline, { opensAt, index }: TimelinePhase): number =>
  phasesOfKind(timeline, 'round')
    .filter((round) => round.opensAt >= opensAt - TOGETHER_MS && (round.opensAt < opensAt || (round.opensAt === opensAt && round.index <= index)))
    .reduce((sum, { approval }) => sum + (approval === 'four-eyes' ? 2 : 1), 0)

/** A review of what is filed goes on for a while after the forms close. */
const isBeingReviewed = (timeline: Timeline, { kind, opensAt, closesAt }: TimelinePhase): boolean =>
  kind === 'registration' && phasesOfKind(timeline, 'review').some((review) => review.opensAt > opensAt && review.opensAt < closesAt && review.closesAt > closesAt)
