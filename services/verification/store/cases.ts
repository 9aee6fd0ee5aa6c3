import type { FactValue } from '../../../contracts/facts.js'
import { asMs, sqlInstant } from '../../../platform/postgres/index.js'
import type { Case, CaseState, Step } from '../domain/case.js'
import type { Decided } from '../domain/decide.js'
import type { Database, Tx } from './database.js'

export interface CaseKey {
  season: string
  child: string
  phase: string
}

interface Row extends CaseKey {
  kind: Case['kind']
  state: CaseState
  school: string | null
  district: string | null
  revision: number
  findings: Record<string, FactValue>
  steps: (Omit<Step, 'reason'> & { reason: string | null })[]
}

/** A case and its steps in one row: these are the statements a city's thousands of reviewers wait for. */
const SELECT_CASE = `SELECT c.season, c.child, c.phase, c.kind, c.state, c.school, c.district, c.revision, c.findings,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('by', s.by, 'outcome', s.outcome, 'reason', s.reason, 'officer', s.officer,
     'receivedAt', ${asMs('s.received_at')}) ORDER BY s.ordinal), '[]')
   FROM case_step s WHERE s.season = c.season AND s.phase = c.phase AND s.child = c.child) AS steps
  FROM case_file c`
const OF_CASE = 'season = $1 AND phase = $2 AND child = $3'
const keysOf = ({ season, phase, child }: CaseKey) => [season, phase, child]

const caseOf = ({ school, district, steps, ...row }: Row): Case => ({
  ...row,
  ...(school !== null && { school }),
  ...(district !== null && { district }),
  steps: steps.map(({ reason, ...step }) => ({ ...step, ...(reason !== null && { reason }) })),
})

/** A case with its steps, if it is open. */
export async function readCase(database: Database | Tx, key: CaseKey): Promise<Case | undefined> {
  const [row] = await database.$queryRawUnsafe<Row[]>(`${SELECT_CASE} WHERE ${OF_CASE}`, ...keysOf(key))
  return row && caseOf(row)
}

/** The same, locked until the transaction ends. */
export async function lockCase(tx: Tx, key: CaseKey): Promise<Case | undefined> {
  const locked = await tx.$executeRawUnsafe(`SELECT 1 FROM case_file WHERE ${OF_CASE} FOR UPDATE`, ...keysOf(key))
  return locked === 0 ? undefined : readCase(tx, key)
}

/** A case as it is when it is opened. */
export type NewCase = Pick<Case, 'season' | 'child' | 'phase' | 'kind' | 'school' | 'district'>

/**
 * Opens a case with a question to each authority of its check, due at once; in one statement, which holds the phase's window against
 * its close.
 * @param states where it begins, and where if the phase is closed already; then nobody is asked
 * @param openedAt epoch ms
 * @param authorities who is asked; nobody for a review
 * @returns its state, or undefined if the case was there
 */
export async function insertCase(
  database: Database,
  newCase: NewCase,
  states: { open: CaseState; closed: CaseState },
  openedAt: number,
  authorities: readonly string[],
): Promise<CaseState | undefined> {
  const { kind, school, district } = newCase
  const [row] = await database.$queryRawUnsafe<{ state: CaseState }[]>(
    `WITH phase AS (
       SELECT closed_at IS NOT NULL AS over FROM platform.phase_window WHERE season = $1 AND phase = $2 FOR SHARE
     ), opened AS (
       INSERT INTO case_file (season, phase, child, kind, state, school, district, opened_at)
       SELECT $1, $2, $3, $4, CASE WHEN over THEN $5::text ELSE $6::text END, $7, $8, $9::timestamptz FROM phase
       ON CONFLICT DO NOTHING RETURNING season, phase, child, state
     ), asking AS (
       INSERT INTO question (season, phase, child, authority)
       SELECT season, phase, child, authority FROM opened, unnest($10::text[]) AS asked (authority)
       WHERE state <> $5::text
     )
     SELECT state FROM opened`,
    ...keysOf(newCase), kind, states.closed, states.open, school ?? null, district ?? null, sqlInstant(openedAt),
    authorities,
  )
  return row?.state
}

/** Records a decision: the next step, and what it makes of the case. */
export async function saveDecision(tx: Tx, theCase: Case, decided: Decided, revision: number): Promise<void> {
  const { by, outcome, reason, officer, receivedAt } = decided.step
  await tx.$executeRawUnsafe(
    `WITH step AS (
       INSERT INTO case_step (season, phase, child, ordinal, by, outcome, reason, officer, judged, received_at)
       VALUES ($1, $2, $3, $4::int, $5, $6, $7, $8, $9::jsonb, $10::timestamptz)
     )
     UPDATE case_file SET state = $11, revision = $12::int, findings = $13::jsonb WHERE ${OF_CASE}`,
    ...keysOf(theCase), theCase.steps.length + 1, by, outcome, reason ?? null, officer, JSON.stringify(decided.judged), sqlInstant(receivedAt),
    decided.state, revision, JSON.stringify(decided.findings),
  )
}

/** Sets where a check stands. */
export async function saveProgress(tx: Tx, key: CaseKey, state: CaseState, revision: number): Promise<void> {
  await tx.$executeRawUnsafe(`UPDATE case_file SET state = $4, revision = $5::int WHERE ${OF_CASE}`, ...keysOf(key), state, revision)
}

export interface CaseFilter {
  season: string
  phase?: string | undefined
  state?: CaseState | undefined
  /** Only cases this school reviews. */
  school?: string | undefined
  /** Only cases of this district. */
  district?: string | undefined
  /** Cases after this one, in the order of phase and child. */
  after?: { phase: string; child: string } | undefined
  limit: number
}

/** Cases in the order of phase and child. */
export async function listCases(database: Database, { season, after, limit, phase, state, school, district }: CaseFilter): Promise<Case[]> {
  const values: (string | number)[] = [season, limit]
  const where = ['c.season = $1']
  for (const [column, value] of Object.entries({ phase, state, school, district })) {
    if (value !== undefined) where.push(`c.${column} = $${values.push(value)}`)
  }
  if (after) where.push(`(c.phase, c.child) > ($${values.push(after.phase)}, $${values.push(after.child)})`)
  const rows = await database.$queryRawUnsafe<Row[]>(`${SELECT_CASE} WHERE ${where.join(' AND ')} ORDER BY c.phase, c.child LIMIT $2::int`, ...values)
  return rows.map(caseOf)
}

/**
 * What the close of a phase means for its cases: those that nobody decided stay so, and nobody is asked any more.
 * @param state `silent` or `undecided`
 */
export async function closeCases(tx: Tx, season: string, phase: string, state: CaseState): Promise<void> {
  await tx.case.updateMany({ where: { season, phase, state: { notIn: ['answered', 'approved', 'refused'] } }, data: { state } })
  await tx.question.updateMany({ where: { season, phase, nextAt: { not: null } }, data: { nextAt: null } })
}
