import { problem } from '../problem.js'
import { asMs, type Sql } from '../postgres/sql.js'

/** A phase's window as its owner holds it. Instants in epoch ms. */
export interface PhaseWindow {
  season: string
  phase: string
  kind: string
  opensAt: number
  closesAt: number
  closed?: WindowClose
}

/** What the close found: how many live outcomes, and the digest over them. */
export interface WindowClose {
  closedAt: number
  count: number
  digest: string
}

export interface WindowRow {
  season: string
  phase: string
  kind: string
  opens_at: number
  closes_at: number
  closed_at: number | null
  count: number | null
  digest: string | null
  /** The database's clock when the row was read. */
  now: number
}

export const WINDOW_COLUMNS = `season, phase, kind, ${asMs('opens_at')} AS opens_at, ${asMs('closes_at')} AS closes_at,
  ${asMs('closed_at')} AS closed_at, count, digest, ${asMs('clock_timestamp()')} AS now`

export function windowOf(row: WindowRow): PhaseWindow {
  const { season, phase, kind } = row
  const closed = row.closed_at !== null && row.count !== null && row.digest !== null
    ? { closedAt: row.closed_at, count: row.count, digest: row.digest }
    : undefined
  return { season, phase, kind, opensAt: row.opens_at, closesAt: row.closes_at, ...(closed && { closed }) }
}

/** All windows of a season that this service owns, by opening. */
export async function windowsOf(sql: Sql, season: string): Promise<PhaseWindow[]> {
  const rows = await sql.$queryRawUnsafe<WindowRow[]>(
    `SELECT ${WINDOW_COLUMNS} FROM platform.phase_window WHERE season = $1 ORDER BY phase_window.opens_at, phase`,
    season,
  )
  return rows.map(windowOf)
}

/**
 * One window, without a lock.
 * @throws Problem `unknown-season`, `unknown-phase`
 */
export const readWindow = async (sql: Sql, season: string, phase: string): Promise<PhaseWindow> =>
  windowOf(await selectWindow(sql, season, phase, ''))

/** One window's row with the given lock. */
export async function selectWindow(
  sql: Sql,
  season: string,
  phase: string,
  lock: '' | 'FOR SHARE' | 'FOR UPDATE',
): Promise<WindowRow> {
  const [row] = await sql.$queryRawUnsafe<WindowRow[]>(
    `SELECT ${WINDOW_COLUMNS} FROM platform.phase_window WHERE season = $1 AND phase = $2 ${lock}`,
    season,
    phase,
  )
  if (row) return row
  const known = await sql.$queryRawUnsafe<unknown[]>('SELECT 1 FROM platform.season WHERE id = $1', season)
  throw known.length > 0
    ? problem('unknown-phase', `Season ${season} has no phase ${phase} here`)
    : problem('unknown-season', `There is no season ${season}`)
}
