import { phasesOfKind, type TimelinePhase } from '../../policies/timeline.js'
import { approve } from './actors/bureau.js'
import { arrangeAll, flagSpecial, settleCases } from './actors/desks.js'
import { choose, confirm, leave, register, registerAtDesk } from './actors/guardians.js'
import { checkIn, review } from './actors/schools.js'
import { lastCall, until, type Stage } from './actors/stage.js'

/** Actors come a moment after a window opened, so that nobody knocks before the doors are unlocked. */
const AFTER_OPENING_MS = 50

/** Plays a whole season: every phase has its people, each starts when its window opens. */
export async function play(stage: Stage): Promise<void> {
  const { timeline } = stage
  const middle = phasesOfKind(timeline, 'review')[0] ?? phasesOfKind(timeline, 'choice')[0]
  await Promise.all([
    ...timeline.phases.map(async (phase) => {
      await until(stage, phase.opensAt + AFTER_OPENING_MS)
      if (!stage.signal.aborted) await perform(stage, phase)
    }),
    ...(middle ? [until(stage, middle.opensAt).then(() => meanwhile(stage, middle))] : []),
  ])
}

/** In the middle of the season families leave, and the desk settles those whose circumstances need a person. */
async function meanwhile(stage: Stage, middle: TimelinePhase): Promise<void> {
  const hasDesk = phasesOfKind(stage.timeline, 'arrangement').length > 0 && stage.families.some(({ script }) => script.flagged)
  await Promise.all([
    leave(stage, middle.closesAt),
    ...(hasDesk ? [flagSpecial(stage, middle.closesAt), settleCases(stage, lastCall(middle))] : []),
  ])
}

/** What people do in a phase; phases without people do nothing here. */
function perform(stage: Stage, phase: TimelinePhase): Promise<void> {
  switch (phase.kind) {
    case 'registration':
      return phase.desk === undefined ? register(stage, phase) : registerAtDesk(stage, phase)
    case 'choice':
      return choose(stage, phase)
    case 'review':
      return review(stage, phase)
    case 'confirmation':
      return confirm(stage, phase)
    case 'check-in':
      return checkIn(stage, phase)
    case 'arrangement':
      return arrangeAll(stage, phase)
    case 'round':
      return phase.approval === 'four-eyes' ? approve(stage, phase) : Promise.resolve()
    case 'check':
    case 'notice':
    case 'result':
    case 'publication':
    case 'closing':
      return Promise.resolve()
  }
}
