import { asMs } from '../../../platform/postgres/index.js'
import type { PhaseId, SeasonId } from '../../../contracts/ids.js'
import type { DissolvedUnit, RoundUnit } from '../domain/rounds/unit.js'
import { parts, type Tx } from './database.js'

const AT_ONCE = 10_000

/** A round's row. Instants in epoch ms. */
export interface RoundRow {
  state: 'frozen' | 'decided' | 'published' | 'void'
  units: number
  children: number
  listHash: string
  admitted: number | null
  notAdmitted: number | null
  /** The run of the draw: more than 1 if it had to begin again. In state `void` it is this one that is void. */
  run: number
  /** The last supplement that is checked; 0 if there is none. */
  supplement: number
  frozenAt: number
  decidedAt: number | null
  publishedAt: number | null
}

const COLUMNS = `state, units, children, list_hash AS "listHash", admitted, not_admitted AS "notAdmitted", run, supplement,
  ${asMs('frozen_at')} AS "frozenAt", ${asMs('decided_at')} AS "decidedAt", ${asMs('published_at')} AS "publishedAt"`

/** @returns undefined before the freeze */
export async function roundOf(tx: Tx, season: SeasonId, phase: PhaseId, lock: '' | 'FOR UPDATE' = ''): Promise<RoundRow | undefined> {
  const [row] = await tx.$queryRawUnsafe<RoundRow[]>(`SELECT ${COLUMNS} FROM round WHERE season = $1 AND phase = $2 ${lock}`, season, phase)
  return row
}

/** A round on whose frozen list the child stands and whose result is not public for it yet; undefined if there is none. */
export async function pendingRoundOf(tx: Tx, season: SeasonId, child: string): Promise<PhaseId | undefined> {
  const [row] = await tx.$queryRawUnsafe<{ phase: PhaseId }[]>(
    `SELECT unit.phase FROM round_unit AS unit JOIN round USING (season, phase)
     WHERE unit.season = $1 AND $2 = ANY (unit.members) AND round.state <> 'published'
       AND NOT EXISTS (SELECT 1 FROM place WHERE place.season = $1 AND place.child = $2 AND place.outcomes ? unit.phase)
     LIMIT 1`,
    season,
    child,
  )
  return row?.phase
}

/**
 * Whether rounds of the season have been frozen, and whether one of them is not over: its results are not out, or a group
 * is held back. One whose run is void begins again with other plans.
 */
export async function freezesOf(tx: Tx, season: SeasonId): Promise<{ any: boolean; underWay: boolean }> {
  const [row] = await tx.$queryRawUnsafe<{ any: boolean; underWay: boolean }[]>(
    `SELECT count(*) > 0 AS any, coalesce(bool_or(state NOT IN ('published', 'void')), false)
       OR EXISTS (SELECT 1 FROM seat WHERE season = $1 AND reserved_for IS NOT NULL
         AND reserved_for NOT IN (SELECT phase FROM round WHERE season = $1 AND state = 'void')) AS "underWay"
     FROM round WHERE season = $1`,
    season,
  )
  return row!
}

/**
 * Stores the canonical list with its hash. If another transaction froze the round meanwhile, PostgreSQL answers with
 * a serialization failure, and the freeze begins anew and finds it.
 */
export async function insertFrozen(
  tx: Tx,
  season: SeasonId,
  phase: PhaseId,
  frozen: { units: readonly RoundUnit[]; dissolved: readonly DissolvedUnit[]; listHash: string },
): Promise<void> {
  const children = frozen.units.reduce((sum, unit) => sum + unit.members.length, 0)
  const inserted = await tx.$executeRawUnsafe(
    `INSERT INTO round (season, phase, state, units, children, list_hash) VALUES ($1, $2, 'frozen', $3, $4, $5) ON CONFLICT DO NOTHING`,
    season,
    phase,
    frozen.units.length,
    children,
    frozen.listHash,
  )
  if (inserted !== 1) throw new Error(`The round ${phase} was frozen before`)
  for (const some of parts(frozen.units, AT_ONCE)) {
    await tx.$executeRawUnsafe(
      `INSERT INTO round_unit (season, phase, unit, members, schools, keys)
       SELECT $1, $2, * FROM jsonb_to_recordset($3::jsonb) AS u (unit text, members text[], schools text[], keys jsonb)`,
      season,
      phase,
      JSON.stringify(some),
    )
  }
  await tx.$executeRawUnsafe(
    `INSERT INTO round_dissolved (season, phase, unit, members, reason)
     SELECT $1, $2, * FROM jsonb_to_recordset($3::jsonb) AS u (unit text, members text[], reason text)`,
    season,
    phase,
    JSON.stringify(frozen.dissolved),
  )
}

/** The frozen list in its canonical order. */
export async function frozenUnits(tx: Tx, season: SeasonId, phase: PhaseId): Promise<RoundUnit[]> {
  const rows = await tx.$queryRawUnsafe<(Omit<RoundUnit, 'keys'> & { keys: RoundUnit['keys'] | null })[]>(
    'SELECT unit, members, schools, keys FROM round_unit WHERE season = $1 AND phase = $2 ORDER BY unit COLLATE "C"',
    season,
    phase,
  )
  return rows.map(({ keys, ...unit }) => (keys === null ? unit : { ...unit, keys }))
}

/** The draw begins again with the next run. */
export async function beginAgain(tx: Tx, season: SeasonId, phase: PhaseId, run: number): Promise<void> {
  await tx.$executeRawUnsafe(`UPDATE round SET run = $3::int, state = 'frozen', frozen_at = clock_timestamp() WHERE season = $1 AND phase = $2`, season, phase, run)
}

/** A round that was frozen after this one was decided, and so counts on the seats that it left; undefined if there is none. */
export async function frozenSince(tx: Tx, season: SeasonId, phase: PhaseId): Promise<PhaseId | undefined> {
  const [row] = await tx.$queryRawUnsafe<{ phase: PhaseId }[]>(
    `SELECT later.phase FROM round JOIN round AS later ON later.season = round.season AND later.phase <> round.phase AND later.frozen_at >= round.decided_at
     WHERE round.season = $1 AND round.phase = $2 LIMIT 1`,
    season,
    phase,
  )
  return row?.phase
}
