import type { CommitStep, DrawSource, DrawSteps } from '../../../contracts/draw.js'
import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import { enqueue } from '../../../platform/outbox/index.js'
import { problem } from '../../../platform/problem.js'
import { commit } from '../domain/draw/ceremony.js'
import { instantAfter } from '../domain/draw/instants.js'
import { stepEvent } from '../events/rounds.js'
import { databaseNow } from '../store/database.js'
import type { Allocation } from './allocation.js'
import { ceremonyStep, type At } from './ceremony.js'
import { answerOf } from './asking.js'

const RETRY_MS = 500

/** Names what decides the draw, before anybody can know it. */
export const commitRound = ceremonyStep(allocationEndpoints.commitRound, {
  name: 'commit',
  after: 'freeze',
  make,
  settle: async (tx, { of }, { commit: step }) => {
    await enqueue(tx, 'allocation', [stepEvent('round-committed', of, step!, await databaseNow(tx), { commit: step })])
  },
})

/** A witness who has not committed itself in time takes no part; without as many as the rule asks for it is waited. */
async function make({ database, ceremony }: Allocation, { draw, doneAt, log }: At): Promise<DrawSteps> {
  const { freeze } = draw
  const revealBy = new Date((await ceremony.now(database)) + ceremony.witnessTimeoutMs + ceremony.revealWithinMs).toISOString()
  const answers = await Promise.all(ceremony.sources.map((source) => answerOf(log, source, () => source.commit(freeze, revealBy))))
  const sources = answers.filter((answer) => answer !== undefined)
  const witnesses = sources.filter(({ kind }) => kind === 'witness').length
  const isComplete = sources.length === ceremony.sources.length
  if (!isComplete && (await databaseNow(database)) <= doneAt + ceremony.commitWithinMs) throw problem('not-yet', 'Witnesses may still commit themselves', { retryAfterMs: RETRY_MS })
  if (witnesses < ceremony.least || sources.length === 0) throw problem('not-yet', `${witnesses} witnesses have committed themselves, ${ceremony.least} must`, { retryAfterMs: RETRY_MS })
  const at = instantAfter(freeze.at, await ceremony.now(database))
  return commit(draw, { at, engine: ceremony.engine, sources, ...toReveal(sources, revealBy, ceremony.least) })
}

const toReveal = (sources: readonly DrawSource[], revealBy: string, least: number): Pick<CommitStep, 'revealBy' | 'least'> =>
  sources.some(({ kind }) => kind === 'witness') ? { revealBy, least } : {}
