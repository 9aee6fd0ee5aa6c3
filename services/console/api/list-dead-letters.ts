import { consoleEndpoints } from '../../../contracts/http/console.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { cursorOf, placeOf } from '../domain/cursor.js'
import { readDeadLetters } from '../store/dead-letters.js'
import type { Context } from './context.js'
import { deadLetterView, iso } from './views.js'

export const listDeadLetters = ({ database }: Context): Mounted =>
  implement(consoleEndpoints.listDeadLetters, {
    handle: async ({ query: { state, limit, cursor } }) => {
      const after = placeOf(cursor, 2) as [string, string] | undefined
      const rows = await readDeadLetters(database, { replayed: state === 'replayed', limit, after })
      const last = rows.length === limit ? rows.at(-1) : undefined
      return { deadLetters: rows.map(deadLetterView), ...(last && { next: cursorOf(iso(last.at), last.id) }) }
    },
  })
