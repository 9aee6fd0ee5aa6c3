import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { replayDeadLetter as sendAgain } from '../../../platform/kafka/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { lockDeadLetter, markReplayed } from '../store/dead-letters.js'
import { carryOut } from './command.js'
import type { Context } from './context.js'
import { COMMAND_TIMEOUT_MS } from './times.js'
import { deadLetterView, iso } from './views.js'

/** Sent before it is marked: an answer that gets lost may send it twice, and consumers know it by its `ce_id`. */
export const replayDeadLetter = (context: Context): Mounted =>
  implement(consoleEndpoints.replayDeadLetter, {
    timeoutMs: COMMAND_TIMEOUT_MS,
    handle: (request) => {
      const { params: { letter: id }, caller, receivedAt, signal } = request
      return carryOut(context, request, { what: 'replay', target: id }, () =>
        inTransaction(context.database, async (tx) => {
          const letter = await lockDeadLetter(tx, id)
          if (!letter) throw problem('not-found', 'There is no such dead letter')
          await sendAgain(context.producer, letter.message)
          await markReplayed(tx, id, caller.subject, iso(receivedAt))
          return { deadLetter: deadLetterView({ ...letter, replayedAt: receivedAt }) }
        }, { signal }))
    },
  })
