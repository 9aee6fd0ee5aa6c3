import { problem } from '../problem.js'
import { sqlInstant, type Sql } from '../postgres/sql.js'
import { selectWindow, windowOf, type PhaseWindow } from './read.js'

/**
 * Moves a window's end later. Both instants in epoch ms. The row is locked before the clock is read, so that an
 * extension racing with the end has one answer: requests that wait for the lock see the new end.
 * @param latestAllowed the last instant to which the calendar lets it move
 * @returns the window with its new end; the same window if it already ends then
 * @throws Problem `extension-refused` with `particulars.reason`: `closed`, `over`, `not-later`, `too-late`
 */
export async function extendWindow(
  sql: Sql,
  season: string,
  phase: string,
  newClosesAt: number,
  latestAllowed: number,
): Promise<PhaseWindow> {
  await selectWindow(sql, season, phase, 'FOR UPDATE')
  const row = await selectWindow(sql, season, phase, '')
  const window = windowOf(row)
  if (newClosesAt === window.closesAt) return window
  const reason = refusal(window, row.now, newClosesAt, latestAllowed)
  if (reason) {
    throw problem('extension-refused', DETAILS[reason], {
      closesAt: window.closesAt,
      particulars: { reason, latestAllowed: sqlInstant(latestAllowed) },
    })
  }
  await sql.$executeRawUnsafe(
    'UPDATE platform.phase_window SET closes_at = $3::timestamptz WHERE season = $1 AND phase = $2',
    season,
    phase,
    sqlInstant(newClosesAt),
  )
  return { ...window, closesAt: newClosesAt }
}

const DETAILS = {
  closed: 'The phase is closed',
  over: 'The window has ended; only a running one can be extended',
  'not-later': 'The new end is not later than the present one',
  'too-late': 'A phase that depends on this one would have begun',
} as const
type Reason = keyof typeof DETAILS

function refusal(window: PhaseWindow, now: number, newClosesAt: number, latestAllowed: number): Reason | undefined {
  if (window.closed) return 'closed'
  if (now >= window.closesAt) return 'over'
  if (newClosesAt < window.closesAt) return 'not-later'
  if (newClosesAt > latestAllowed) return 'too-late'
  return undefined
}
