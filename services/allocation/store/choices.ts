import { sqlInstant, asMs } from '../../../platform/postgres/index.js'
import type { ChildId, PhaseId, SchoolId, SeasonId } from '../../../contracts/ids.js'
import { parts, type Tx } from './database.js'

export interface ChoiceRow {
  child: ChildId
  revision: number
  schools: SchoolId[]
  /** The child for whom the entry was made; its twin where that one's stands for both. */
  enteredFor: ChildId
  /** Epoch ms. */
  receivedAt: number
}

const COLUMNS = `child, revision, schools, entered_for AS "enteredFor", ${asMs('received_at')} AS "receivedAt"`

/** The entries of these children in a choice phase. */
export async function choicesOf(tx: Tx, season: SeasonId, phase: PhaseId, children: readonly ChildId[]): Promise<Map<ChildId, ChoiceRow>> {
  const rows = await tx.$queryRawUnsafe<ChoiceRow[]>(
    `SELECT ${COLUMNS} FROM choice WHERE season = $1 AND phase = $2 AND child = ANY ($3::text[])`,
    season,
    phase,
    children,
  )
  return new Map(rows.map((row) => [row.child, row]))
}

/** All entries of a choice phase, by child. */
export async function allChoices(tx: Tx, season: SeasonId, phase: PhaseId): Promise<Map<ChildId, ChoiceRow>> {
  const rows = await tx.$queryRawUnsafe<ChoiceRow[]>(`SELECT ${COLUMNS} FROM choice WHERE season = $1 AND phase = $2`, season, phase)
  return new Map(rows.map((row) => [row.child, row]))
}

/** Writes entries, each over the one that stands. The caller holds the locks of the children's places. */
export async function putChoices(tx: Tx, season: SeasonId, phase: PhaseId, rows: readonly ChoiceRow[]): Promise<void> {
  for (const some of parts(rows, 5_000)) {
    await tx.$executeRawUnsafe(
      `INSERT INTO choice (season, phase, child, revision, schools, entered_for, received_at)
       SELECT $1, $2, child, revision, schools, entered_for, received_at
       FROM jsonb_to_recordset($3::jsonb) AS c (child text, revision int, schools text[], entered_for text, received_at timestamptz)
       ON CONFLICT (season, phase, child) DO UPDATE SET revision = excluded.revision, schools = excluded.schools,
         entered_for = excluded.entered_for, received_at = excluded.received_at`,
      season,
      phase,
      JSON.stringify(some.map((row) => ({ ...row, entered_for: row.enteredFor, received_at: sqlInstant(row.receivedAt) }))),
    )
  }
}
