import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import { enqueue } from '../../../platform/outbox/index.js'
import { problem } from '../../../platform/problem.js'
import { draw } from '../domain/draw/ceremony.js'
import { instantAfter } from '../domain/draw/instants.js'
import { isEnough } from '../domain/draw/reveals.js'
import { stepEvent } from '../events/rounds.js'
import { databaseNow } from '../store/database.js'
import { ceremonyStep } from './ceremony.js'

/** Draws and decides every group; nothing of it is seen before the publication. */
export const drawRound = ceremonyStep(allocationEndpoints.drawRound, {
  name: 'draw',
  after: 'reveal',
  make: async ({ database, ceremony }, { draw: { commit, reveal }, phase, read }) => {
    if (phase.method === 'residual') throw problem('round-conflict', `${phase.id} is not drawn: it proposes`)
    if (!isEnough(commit!, reveal!.parts)) throw problem('round-conflict', 'Too few witnesses have revealed: the draw begins again')
    return draw(await read(), { at: instantAfter(reveal!.at, await ceremony.now(database)) })
  },
  settle: async (tx, { of }, { draw: step }, { listHash }) => {
    await enqueue(tx, 'allocation', [stepEvent('round-decided', of, step!, await databaseNow(tx), { listHash })])
  },
})
