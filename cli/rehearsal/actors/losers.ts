import type { RoundId } from '../../../policies/language.js'
import { phasesOfKind, type Span } from '../../../policies/timeline.js'
import type { Family } from '../families.js'
import { childOf } from './child.js'
import { attempt, each, lastCall, pause, type Stage } from './stage.js'

const LOOK_AGAIN_MS = 300

/**
 * Acts for each family; for one that acts only if it lost a round, as soon as it knows that it has no seat, and never if
 * it has one. A seat that is still to be confirmed may yet be lost.
 */
export async function eachInTime(
  stage: Stage, window: Span, families: readonly Family[], ifLost: (family: Family) => RoundId | undefined, act: (family: Family) => Promise<void>,
): Promise<void> {
  for (let waiting = families; waiting.length > 0 && Date.now() < lastCall(window) && !stage.signal.aborted;) {
    const still: Family[] = []
    await each(stage, waiting, async (family) => {
      const round = ifLost(family)
      const result = round === undefined ? 'lost' : await resultOf(stage, family, round, window.closesAt)
      if (result === 'lost') await act(family)
      if (result === 'open') still.push(family)
    })
    waiting = still
    if (waiting.length > 0) await pause(LOOK_AGAIN_MS)
  }
}

async function resultOf(stage: Stage, family: Family, round: RoundId, untilMs: number): Promise<'open' | 'won' | 'lost'> {
  const child = await childOf(stage, family, untilMs)
  if (child === undefined) return 'lost'
  const token = await stage.identity.guardian(family.person.guardianIdNumber)
  const place = await attempt(stage, untilMs, () => stage.apis.allocation.getPlace({ token, params: { season: stage.season, child } }))
  if (!place || place.outcomes[round] === undefined) return 'open'
  if (place.taken) return 'won'
  if (place.held.length === 0) return 'lost'
  return phasesOfKind(stage.timeline, 'confirmation').some(({ of }) => of.includes(round)) ? 'open' : 'won'
}
