import { publishAtOf, type TimelinePhaseOf } from '../../../policies/timeline.js'
import { attempt, pause, until, type Stage } from './stage.js'

const LOOK_AGAIN_MS = 300

/** Waits until these rounds are published, at most until an instant (ms). */
export async function resultsOut(stage: Stage, rounds: readonly TimelinePhaseOf<'round'>[], untilMs: number): Promise<void> {
  const isOut = async (round: string): Promise<boolean> => {
    const token = await stage.identity.staff({ subject: 'bureau', role: 'city' })
    const record = await attempt(stage, untilMs, () => stage.apis.allocation.getRound({ token, params: { season: stage.season, phase: round } }))
    return record?.state === 'published'
  }
  await until(stage, Math.min(untilMs, ...rounds.map(publishAtOf)))
  while (Date.now() < untilMs && !stage.signal.aborted) {
    if ((await Promise.all(rounds.map(({ id }) => isOut(id)))).every(Boolean)) return
    await pause(LOOK_AGAIN_MS)
  }
}
