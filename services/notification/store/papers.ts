import type { Paper, PaperKind, PaperState } from '../domain/paper.js'
import type { Paper as Row } from './generated/client.js'
import type { Database, Tx } from './database.js'

export interface PaperKey {
  season: string
  child: string
  phase: string
  kind: PaperKind
}

const keyOf = ({ season, child, phase, kind }: PaperKey): PaperKey => ({ season, child, phase, kind })

const paperOf = (row: Row): Paper => ({
  season: row.season,
  child: row.child,
  phase: row.phase,
  kind: row.kind as PaperKind,
  number: row.number,
  ...(row.school !== null && { school: row.school }),
  state: row.state as PaperState,
  issuedAt: row.issuedAt.getTime(),
  ...(row.exchangedFor !== null && { exchangedFor: row.exchangedFor }),
})

/** A paper, if it was issued. */
export async function readPaper(database: Database | Tx, key: PaperKey): Promise<Paper | undefined> {
  const row = await database.paper.findUnique({ where: { season_child_phase_kind: keyOf(key) } })
  return row ? paperOf(row) : undefined
}

/** A paper by its number, if there is one. */
export async function readByNumber(database: Database, season: string, number: string): Promise<Paper | undefined> {
  const row = await database.paper.findUnique({ where: { season_number: { season, number } } })
  return row ? paperOf(row) : undefined
}

/** All papers of a child, the oldest first. */
export async function papersOf(database: Database, season: string, child: string): Promise<Paper[]> {
  const rows = await database.paper.findMany({ where: { season, child }, orderBy: [{ issuedAt: 'asc' }, { number: 'asc' }] })
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
  const { number, school, issuedAt } = paper
  await tx.paper.create({ data: { ...keyOf(paper), number, school: school ?? null, issuedAt: new Date(issuedAt) } })
}

/** The place notice of a child that is still good, if it has one. */
export async function goodPlaceNotice(tx: Tx, season: string, child: string): Promise<Paper | undefined> {
  const row = await tx.paper.findFirst({ where: { season, child, kind: 'place-notice', state: 'issued' } })
  return row ? paperOf(row) : undefined
}

/** Marks a place notice as handed in for another paper. */
export async function exchangePaper(tx: Tx, notice: Paper, forNumber: string, at: number): Promise<void> {
  await tx.paper.update({
    where: { season_child_phase_kind: keyOf(notice) },
    data: { state: 'exchanged', exchangedFor: forNumber, exchangedAt: new Date(at) },
  })
}

/** Marks a paper as good for nothing. */
export async function voidPaper(tx: Tx, paper: Paper): Promise<void> {
  await tx.paper.update({ where: { season_child_phase_kind: keyOf(paper) }, data: { state: 'void' } })
}
