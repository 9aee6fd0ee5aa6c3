import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { replayDeadLetter } from '../../../platform/kafka/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { cursorOf, placeOf } from '../domain/cursor.js'
import { lockDeadLetter, markReplayed, readDeadLetters, type DeadLetterRow } from '../store/dead-letters.js'
import { carryOut } from './command.js'
import type { Context } from './context.js'
import { iso } from './views.js'

const view = (row: DeadLetterRow) => ({
  id: row.id,
  topic: row.topic,
  consumer: row.consumer,
  cause: row.cause,
  at: iso(row.at),
  ...(row.event !== null && { event: row.event }),
  ...(row.type !== null && { type: row.type }),
  ...(row.season !== null && { season: row.season }),
  ...(row.replayedAt !== null && { replayedAt: iso(row.replayedAt) }),
})

export const mountListDeadLetters = ({ database }: Context): Mounted =>
  implement(consoleEndpoints.listDeadLetters, {
    handle: async ({ query: { state, limit, cursor } }) => {
      const after = placeOf(cursor, 2) as [string, string] | undefined
      const rows = await readDeadLetters(database, { replayed: state === 'replayed', limit, after })
      const last = rows.length === limit ? rows.at(-1) : undefined
      return { deadLetters: rows.map(view), ...(last && { next: cursorOf(iso(last.at), last.id) }) }
    },
  })

/** Sent before it is marked: an answer that gets lost may send it twice, and consumers know it by its `ce_id`. */
export const mountReplayDeadLetter = (context: Context): Mounted =>
  implement(consoleEndpoints.replayDeadLetter, {
    handle: (request) => {
      const { params: { letter: id }, caller, receivedAt, signal } = request
      return carryOut(context, request, { what: 'replay', target: id }, () =>
        inTransaction(context.database, async (tx) => {
          const letter = await lockDeadLetter(tx, id)
          if (!letter) throw problem('not-found', 'There is no such dead letter')
          await replayDeadLetter(context.producer, letter.message)
          await markReplayed(tx, id, caller.subject, iso(receivedAt))
          return { deadLetter: view({ ...letter, replayedAt: receivedAt }) }
        }, { signal }))
    },
  })
