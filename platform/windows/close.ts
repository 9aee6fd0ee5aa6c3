import { problem } from '../problem.js'
import { sqlInstant, type Sql } from '../postgres/sql.js'
import { windowDigest } from './digest.js'
import { selectWindow, windowOf, type WindowClose } from './read.js'

export interface CloseOptions<Tx extends Sql> {
  /** How long after the window's end requests and statements may still be under way. */
  drainMs: number
  /** Freezes what was filed, releases seats, writes facts and outbox rows: in this transaction, exactly once. */
  onClose?: (tx: Tx) => Promise<void>
}

/**
 * Closes a phase, once, under the exclusive lock: afterwards no submission is accepted and the lack of a live
 * outcome is a negative one. Called again it answers what it answered. By the database's clock.
 * @throws Problem `still-open` before the window's end (closesAt), `not-yet` before end + drain (retryAfterMs)
 */
export async function closeWindow<Tx extends Sql>(
  tx: Tx,
  season: string,
  phase: string,
  options: CloseOptions<Tx>,
): Promise<WindowClose> {
  await selectWindow(tx, season, phase, 'FOR UPDATE')
  const row = await selectWindow(tx, season, phase, '')
  const window = windowOf(row)
  if (window.closed) return window.closed
  refuseEarly(window.closesAt, row.now, options.drainMs, phase)
  await options.onClose?.(tx)
  const { count, digest } = await windowDigest(tx, season, phase, window.kind)
  await tx.$executeRawUnsafe(
    `UPDATE platform.phase_window SET closed_at = $3::timestamptz, count = $4::int, digest = $5
     WHERE season = $1 AND phase = $2`,
    season,
    phase,
    sqlInstant(row.now),
    count,
    digest,
  )
  return { closedAt: Math.trunc(row.now), count, digest }
}

/** Before the end, and before end + drain, there is no final answer. */
export function refuseEarly(closesAt: number, now: number, drainMs: number, phase: string): void {
  const retryAfterMs = Math.ceil(closesAt + drainMs - now)
  if (retryAfterMs <= 0) return
  if (now < closesAt) {
    throw problem('still-open', `${phase} is open until ${sqlInstant(closesAt)}`, { closesAt, retryAfterMs })
  }
  throw problem('not-yet', `${phase} is being closed`, { closesAt, retryAfterMs })
}
