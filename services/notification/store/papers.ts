import type { Paper, PaperKind, PaperState } from '../domain/paper.js'
import { asMs, sqlInstant } from '../../../platform/postgres/index.js'
import type { Database, Tx } from './database.js'

export interface PaperKey {
  season: string
  child: string
  phase: string
  kind: PaperKind
}

interface Row extends PaperKey {
  number: string
  school: string | null
  state: PaperState
  issuedAt: number
  exchangedFor: string | null
}

const SELECT_PAPER = `SELECT season, child, phase, kind, number, school, state, ${asMs('issued_at')} AS "issuedAt", exchanged_for AS "exchangedFor" FROM paper`
const OF_PAPER = 'season = $1 AND child = $2 AND phase = $3 AND kind = $4'
const keysOf = ({ season, child, phase, kind }: PaperKey) => [season, child, phase, kind]

const paperOf = ({ school, exchangedFor, ...row }: Row): Paper => ({
  ...row,
  ...(school !== null && { school }),
  ...(exchangedFor !== null && { exchangedFor }),
})

/** A paper, if it was issued. */
export async function readPaper(database: Database, key: PaperKey): Promise<Paper | undefined> {
  const [row] = await database.$queryRawUnsafe<Row[]>(`${SELECT_PAPER} WHERE ${OF_PAPER}`, ...keysOf(key))
  return row && paperOf(row)
}

/** Papers of a season by their numbers; those that there are. */
export async function papersByNumber(database: Database, season: string, numbers: readonly string[]): Promise<Map<string, Paper>> {
  const rows = await database.$queryRawUnsafe<Row[]>(`${SELECT_PAPER} WHERE season = $1 AND number = ANY ($2::text[])`, season, numbers)
  return new Map(rows.map((row) => [row.number, paperOf(row)]))
}

/** All papers of a child, the oldest first. */
export async function papersOf(database: Database | Tx, season: string, child: string): Promise<Paper[]> {
  const rows = await database.$queryRawUnsafe<Row[]>(`${SELECT_PAPER} WHERE season = $1 AND child = $2 ORDER BY issued_at, number`, season, child)
  return rows.map(paperOf)
}

/**
 * The next ordinal of a kind of paper. Taken in a statement of its own, so that nobody waits for another's
 * transaction; one that is not used after all leaves a gap.
 */
export async function nextOrdinal(database: Database, season: string, kind: PaperKind): Promise<number> {
  const [row] = await database.$queryRawUnsafe<{ last: number }[]>(
    `INSERT INTO paper_counter AS counter (season, kind, last) VALUES ($1, $2, 1)
     ON CONFLICT (season, kind) DO UPDATE SET last = counter.last + 1 RETURNING last`,
    season,
    kind,
  )
  if (!row) throw new Error('The counter of papers gave no number')
  return row.last
}

/** Makes all other papers of a child wait until this transaction ends, so that it has one good place notice. */
export async function lockPapers(tx: Tx, season: string, child: string): Promise<void> {
  await tx.$queryRawUnsafe('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))::text', `paper/${season}/${child}`)
}

export async function insertPaper(tx: Tx, paper: Paper): Promise<void> {
  await tx.$executeRawUnsafe(
    'INSERT INTO paper (season, child, phase, kind, number, school, issued_at) VALUES ($1, $2, $3, $4, $5, $6, $7::timestamptz)',
    ...keysOf(paper), paper.number, paper.school ?? null, sqlInstant(paper.issuedAt),
  )
}

/** Marks a place notice as handed in for another paper. */
export async function exchangePaper(tx: Tx, notice: Paper, forNumber: string, at: number): Promise<void> {
  await tx.$executeRawUnsafe(
    `UPDATE paper SET state = 'exchanged', exchanged_for = $5, exchanged_at = $6::timestamptz WHERE ${OF_PAPER}`,
    ...keysOf(notice), forNumber, sqlInstant(at),
  )
}

/** Marks a paper as good for nothing. */
export async function voidPaper(tx: Tx, paper: Paper): Promise<void> {
  await tx.$executeRawUnsafe(`UPDATE paper SET state = 'void' WHERE ${OF_PAPER}`, ...keysOf(paper))
}
