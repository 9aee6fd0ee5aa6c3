import { problem } from '../problem.js'
import type { Sql } from '../postgres/sql.js'
import { selectWindow, windowOf, type PhaseWindow } from './read.js'

/**
 * Takes the shared lock that every submission holds until it commits, and judges its receipt:
 * `opensAt <= receivedAt < closesAt`. While it is held the phase is neither closed nor extended, so a
 * transaction that is still open when the window ends is counted by the close.
 * @param receivedAt epoch ms, as stamped at the start of the request
 * @throws Problem `window-not-open` (particulars.opensAt), `window-closed` (closesAt), `unknown-season`,
 *   `unknown-phase`
 */
export async function lockOpenWindow(sql: Sql, season: string, phase: string, receivedAt: number): Promise<PhaseWindow> {
  const window = windowOf(await selectWindow(sql, season, phase, 'FOR SHARE'))
  judgeReceipt(window, receivedAt)
  return window
}

/** The judgement alone, for a window already read. */
export function judgeReceipt(window: PhaseWindow, receivedAt: number): void {
  const { phase, opensAt, closesAt } = window
  if (receivedAt < opensAt) {
    throw problem('window-not-open', `${phase} opens at ${new Date(opensAt).toISOString()}`, {
      closesAt,
      particulars: { opensAt: new Date(opensAt).toISOString() },
    })
  }
  if (receivedAt >= closesAt || window.closed) {
    throw problem('window-closed', `${phase} closed at ${new Date(closesAt).toISOString()}`, { closesAt })
  }
}
