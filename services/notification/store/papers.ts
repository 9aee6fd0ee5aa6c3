import type { DuePaper } from '../domain/news.js'
import { PAPER_KINDS, paperNumber, type Paper, type PaperKind, type PaperState } from '../domain/paper.js'
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
  way: Paper['way'] | null
  reason: string | null
  next: string | null
  state: PaperState
  issuedAt: number
  exchangedFor: string | null
}

const SELECT_PAPER = `SELECT season, child, phase, kind, number, school, way, reason, next, state, ${asMs('issued_at')} AS "issuedAt", exchanged_for AS "exchangedFor" FROM paper`
const OF_PAPER = 'season = $1 AND child = $2 AND phase = $3 AND kind = $4'
const keysOf = ({ season, child, phase, kind }: PaperKey) => [season, child, phase, kind]

const paperOf = ({ school, way, reason, next, exchangedFor, ...row }: Row): Paper => ({
  ...row,
  ...(school !== null && { school }),
  ...(way !== null && { way }),
  ...(reason !== null && { reason }),
  ...(next !== null && { next }),
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
 * Takes the next ordinals of a kind of paper. For one paper in a statement of its own, so that nobody waits for
 * another's transaction; one that is not used after all leaves a gap.
 * @returns the last of them
 */
export async function takeOrdinals(database: Database | Tx, season: string, kind: PaperKind, count: number): Promise<number> {
  const [row] = await database.$queryRawUnsafe<{ last: number }[]>(
    `INSERT INTO paper_counter AS counter (season, kind, last) VALUES ($1, $2, $3::int)
     ON CONFLICT (season, kind) DO UPDATE SET last = counter.last + excluded.last RETURNING last`,
    season,
    kind,
    count,
  )
  if (!row) throw new Error('The counter of papers gave no number')
  return row.last
}

/** Those of some papers of a season that are not issued yet, each once. */
export async function withoutIssued(tx: Tx, season: string, due: readonly DuePaper[]): Promise<DuePaper[]> {
  const issued = await tx.$queryRawUnsafe<Pick<Row, 'child' | 'phase' | 'kind'>[]>(
    `SELECT child, phase, kind FROM paper JOIN unnest($2::text[], $3::text[], $4::text[]) AS due (child, phase, kind) USING (child, phase, kind)
     WHERE season = $1`,
    season, due.map(({ child }) => child), due.map(({ phase }) => phase), due.map(({ kind }) => kind),
  )
  const keyOf = ({ child, phase, kind }: Pick<Row, 'child' | 'phase' | 'kind'>) => `${child}/${phase}/${kind}`
  const known = new Set(issued.map(keyOf))
  return due.filter((paper) => !known.has(keyOf(paper)) && known.add(keyOf(paper)))
}

/** Gives numbers to papers of a season, in this transaction; kinds always in the same order, that no two wait for each other. */
export async function numbered(tx: Tx, season: string, due: readonly DuePaper[], issuedAt: number): Promise<Paper[]> {
  const papers: Paper[] = []
  for (const kind of PAPER_KINDS) {
    const those = due.filter((paper) => paper.kind === kind)
    if (those.length === 0) continue
    const last = await takeOrdinals(tx, season, kind, those.length)
    papers.push(...those.map((paper, place): Paper => ({ ...paper, number: paperNumber(kind, last - those.length + 1 + place), state: 'issued', issuedAt })))
  }
  return papers
}

/** Makes all other papers of a child wait until this transaction ends, so that it has one good place notice. */
export async function lockPapers(tx: Tx, season: string, child: string): Promise<void> {
  await tx.$queryRawUnsafe('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))::text', `paper/${season}/${child}`)
}

export async function insertPapers(tx: Tx, papers: readonly Paper[]): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO paper (season, child, phase, kind, number, school, way, reason, next, issued_at)
     SELECT season, child, phase, kind, number, nullif(school, ''), nullif(way, ''), nullif(reason, ''), nullif(next, ''), issued_at
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::timestamptz[])
       AS issued (season, child, phase, kind, number, school, way, reason, next, issued_at)`,
    papers.map(({ season }) => season), papers.map(({ child }) => child), papers.map(({ phase }) => phase), papers.map(({ kind }) => kind),
    papers.map(({ number }) => number), papers.map(({ school }) => school ?? ''), papers.map(({ way }) => way ?? ''),
    papers.map(({ reason }) => reason ?? ''), papers.map(({ next }) => next ?? ''), papers.map(({ issuedAt }) => sqlInstant(issuedAt)),
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
