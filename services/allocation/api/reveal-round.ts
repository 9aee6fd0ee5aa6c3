import type { DrawSource, DrawSteps } from '../../../contracts/draw.js'
import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import { enqueue } from '../../../platform/outbox/index.js'
import { problem } from '../../../platform/problem.js'
import { reveal } from '../domain/draw/ceremony.js'
import { chainOf, roundInstant } from '../domain/draw/chains.js'
import { instantAfter, timeToReveal } from '../domain/draw/instants.js'
import { absentIn, isEnough, nameOf, partsOf, revealInstant } from '../domain/draw/reveals.js'
import { stepEvent } from '../events/rounds.js'
import { databaseNow } from '../store/database.js'
import { insertReveal, revealsOf } from '../store/steps.js'
import type { Allocation } from './allocation.js'
import { answerOf } from './asking.js'
import { ceremonyStep, type At } from './ceremony.js'

const RETRY_MS = 250

/** Shows what the sources have kept to themselves; who has not revealed in time is absent. */
export const revealRound = ceremonyStep(allocationEndpoints.revealRound, {
  name: 'reveal',
  after: 'commit',
  make,
  settle: async (tx, { of }, { commit, reveal: step }) => {
    const { parts } = step!
    await enqueue(tx, 'allocation', [stepEvent('round-revealed', of, step!, await databaseNow(tx), { absent: absentIn(parts), enough: isEnough(commit!, parts) })])
  },
})

async function make(allocation: Allocation, at: At): Promise<DrawSteps> {
  const { database, ceremony } = allocation
  const { draw, of, doneAt } = at
  const commit = draw.commit!
  const closesAt = doneAt + timeToReveal(commit)
  const before = await revealsOf(database, of)
  await Promise.all(commit.sources.filter((source) => !before.has(nameOf(source))).map((source) => ask(allocation, at, source, closesAt)))
  const handedIn = await revealsOf(database, of)
  const missing = commit.sources.filter((source) => !handedIn.has(nameOf(source)))
  const opensAt = missing.map((source) => (source.kind === 'witness' ? closesAt : comesAt(source)))
  const now = await databaseNow(database)
  if (opensAt.some((instant) => now <= instant) || missing.some(({ kind }) => kind === 'drand')) {
    throw problem('not-yet', `${missing.map(nameOf).join(', ')} may still reveal`, { retryAfterMs: RETRY_MS })
  }
  const parts = partsOf(commit, handedIn)
  return reveal(draw, { at: revealInstant(commit, parts, await ceremony.now(database)), parts })
}

/** Asks a source and keeps its answer at once, so that nothing handed in is lost if this process dies. */
async function ask({ database, ceremony }: Allocation, { draw: { commit }, of, log }: At, named: DrawSource, closesAt: number): Promise<void> {
  const source = ceremony.sources.find((one) => one.name === nameOf(named))
  // Nobody is absent who was not asked: else whoever configures this service could choose among draws.
  if (!source) throw problem('round-conflict', `${nameOf(named)} has committed itself and is not configured here`)
  const now = await databaseNow(database)
  if (named.kind === 'witness' ? now > closesAt : now < comesAt(named)) return
  const answer = await answerOf(log, source, () => source.reveal(commit!))
  if (!answer) return
  const at = instantAfter(commit!.at, await ceremony.now(database))
  if (answer.kind === 'drand') await insertReveal(database, of, nameOf(named), answer)
  else if (at <= commit!.revealBy!) await insertReveal(database, of, nameOf(named), { ...answer, at })
}

const comesAt = ({ chain, round }: Extract<DrawSource, { kind: 'drand' }>): number => Date.parse(roundInstant(chainOf(chain)!, round))
