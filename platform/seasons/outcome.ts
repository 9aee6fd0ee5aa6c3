import type { ChildFact } from '../../contracts/facts.js'
import { problem } from '../problem.js'
import type { Sql } from '../postgres/sql.js'
import { selectWindow, windowOf } from '../windows/read.js'

export type OutcomeAnswer = { state: 'open'; closesAt: string } | { state: 'closed'; facts: ChildFact[] }

/**
 * What a child's workflow asks at a deadline: still open, or closed with the facts; in between it is told to
 * ask again. By the database's clock.
 * @throws Problem `not-yet` from the window's end until the close
 */
export async function outcomeOf(
  sql: Sql,
  season: string,
  phase: string,
  drainMs: number,
  facts: () => Promise<ChildFact[]>,
): Promise<OutcomeAnswer> {
  const row = await selectWindow(sql, season, phase, '')
  const { closed, closesAt } = windowOf(row)
  if (closed) return { state: 'closed', facts: await facts() }
  if (row.now < closesAt) return { state: 'open', closesAt: new Date(closesAt).toISOString() }
  const retryAfterMs = Math.max(SHORTEST_RETRY_MS, Math.ceil(closesAt + drainMs - row.now))
  throw problem('not-yet', `${phase} is being closed`, { closesAt, retryAfterMs })
}

const SHORTEST_RETRY_MS = 200
