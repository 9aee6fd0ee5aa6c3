import { phasesOfKind, type TimelinePhase } from '../../policies/timeline.js'
import { arrangeAll, flagSpecial } from './actors/desks.js'
import { choose, confirm, leave, register, registerAtDesk } from './actors/guardians.js'
import { checkIn, review } from './actors/schools.js'
import { until, type Stage } from './actors/stage.js'

/** Actors come a moment after a window opened, so that nobody knocks before the doors are unlocked. */
const AFTER_OPENING_MS = 50

/** Plays a whole season: every phase has its people, each starts when its window opens. */
export async function play(stage: Stage): Promise<void> {
  const { timeline } = stage
  const lastDesk = phasesOfKind(timeline, 'arrangement').at(-1)
  const middle = phasesOfKind(timeline, 'review')[0] ?? phasesOfKind(timeline, 'choice')[0]
  await Promise.all([
    ...timeline.phases.map(async (phase) => {
      await until(stage, phase.opensAt + AFTER_OPENING_MS)
      if (!stage.signal.aborted) await perform(stage, phase)
    }),
    ...(lastDesk ? [until(stage, timeline.opensAt).then(() => arrangeAll(stage, lastDesk))] : []),
    ...(middle ? [until(stage, middle.opensAt).then(() => Promise.all([flagSpecial(stage, middle.closesAt), leave(stage, middle.closesAt)]))] : []),
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
    case 'check':
    case 'round':
    case 'notice':
    case 'result':
    case 'publication':
    case 'arrangement':
    case 'closing':
      return Promise.resolve()
  }
}
