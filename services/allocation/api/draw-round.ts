import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import type { DrawTranscript } from '../../../contracts/draw.js'
import { enqueue } from '../../../platform/outbox/index.js'
import { problem } from '../../../platform/problem.js'
import { draw, supplement } from '../domain/draw/ceremony.js'
import { instantAfter } from '../domain/draw/instants.js'
import { isEnough } from '../domain/draw/reveals.js'
import { standingOf } from '../domain/draw/standing.js'
import { stepEvent } from '../events/rounds.js'
import { databaseNow } from '../store/database.js'
import type { Allocation } from './allocation.js'
import { ceremonyStep, type At } from './ceremony.js'

/** Draws and decides every group; nothing of it is seen before the publication. */
export const drawRound = ceremonyStep(allocationEndpoints.drawRound, {
  name: 'draw',
  after: 'reveal',
  make: (allocation, at) => {
    if (at.phase.method === 'residual') throw problem('round-conflict', `${at.phase.id} is not drawn: it proposes`)
    return at.of.supplement > 0 ? decideAgain(allocation, at) : decide(allocation, at)
  },
  settle: async (tx, { of }, { draw: step }, { listHash }) => {
    await enqueue(tx, 'allocation', [stepEvent('round-decided', of, step!, await databaseNow(tx), { listHash })])
  },
})

async function decide({ database, ceremony }: Allocation, { draw: { commit, reveal }, read }: At): Promise<DrawTranscript> {
  if (!isEnough(commit!, reveal!.parts)) throw problem('round-conflict', 'Too few witnesses have revealed: the draw begins again')
  return draw(await read(), { at: instantAfter(reveal!.at, await ceremony.now(database)) })
}

/** Only what was held back and only after the others are out, so that one publication follows the other. */
async function decideAgain({ database, ceremony }: Allocation, { of, read }: At): Promise<DrawTranscript> {
  const before = await read(of.supplement - 1)
  if (!before.publish || standingOf(before).held.length === 0) throw problem('round-conflict', `${of.phase} has no published draw with a group that is held back`)
  return supplement(before, { at: instantAfter(before.publish.at, await ceremony.now(database)) })
}
