import { notificationEndpoints } from '../../../contracts/http/notification.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { paperNumber, type Paper } from '../domain/paper.js'
import { tellExchange, tellPapers } from '../events/publish.js'
import type { Tx } from '../store/database.js'
import { queueMessages } from '../store/messages.js'
import { exchangePaper, insertPapers, lockPapers, papersOf, takeOrdinals, voidPaper } from '../store/papers.js'
import type { Room } from './room.js'
import { viewOf } from './view.js'

/** `issuePaper`: see its contract. Asked again it answers with the paper that is there; a number may go unused then. */
export const issuePaper = ({ database, timelines, wakeSender }: Room): Mounted =>
  implement(notificationEndpoints.issuePaper, {
    handle: async ({ params, body, receivedAt, signal, remainingMs }) => {
      const timeline = await timelines.of(params.season)
      if (!timeline.phases.some(({ id }) => id === params.phase)) throw problem('unknown-phase', `Season ${params.season} has no phase ${params.phase}`)
      const number = paperNumber(params.kind, await takeOrdinals(database, params.season, params.kind, 1))
      const { school } = body
      const paper: Paper = { ...params, number, ...(school !== undefined && { school }), state: 'issued', issuedAt: receivedAt }
      const issued = await inTransaction(database, (tx) => issueOnce(tx, paper, body.exchanges), { signal, timeoutMs: remainingMs() })
      wakeSender()
      return viewOf(issued)
    },
  })

/** Of several at once the first issues, the others find its paper. A new place notice makes the former one void. */
async function issueOnce(tx: Tx, paper: Paper, exchanges: boolean): Promise<Paper> {
  await lockPapers(tx, paper.season, paper.child)
  const papers = await papersOf(tx, paper.season, paper.child)
  const there = papers.find(({ phase, kind }) => phase === paper.phase && kind === paper.kind)
  if (there) return there
  const notice = papers.find(({ kind, state }) => kind === 'place-notice' && state === 'issued')
  if (notice && paper.kind === 'place-notice') await voidPaper(tx, notice)
  await insertPapers(tx, [paper])
  const exchanged = exchanges && paper.kind !== 'place-notice' ? notice : undefined
  if (exchanged) await exchangePaper(tx, exchanged, paper.number, paper.issuedAt)
  await queueMessages(tx, [paper])
  await tellPapers(tx, [paper])
  if (exchanged) await tellExchange(tx, exchanged, paper)
  return paper
}
