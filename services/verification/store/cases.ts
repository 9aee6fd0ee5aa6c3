import type { FactValue } from '../../../contracts/facts.js'
import type { Reviewer } from '../../../policies/language.js'
import type { Case, CaseState, Verdict } from '../domain/case.js'
import type { Decided } from '../domain/decide.js'
import type { Prisma } from './generated/client.js'
import type { Database, Tx } from './database.js'

export interface CaseKey {
  season: string
  child: string
  phase: string
}

const keyOf = ({ season, child, phase }: CaseKey): CaseKey => ({ season, child, phase })
const WITH_STEPS = { steps: { orderBy: { ordinal: 'asc' } } } as const
type Row = Prisma.CaseGetPayload<{ include: typeof WITH_STEPS }>

const caseOf = (row: Row): Case => ({
  ...keyOf(row),
  kind: row.kind as Case['kind'],
  state: row.state as CaseState,
  ...(row.school !== null && { school: row.school }),
  ...(row.district !== null && { district: row.district }),
  revision: row.revision,
  findings: row.findings as Record<string, FactValue>,
  steps: row.steps.map((step) => ({
    by: step.by as Reviewer,
    outcome: step.outcome as Verdict,
    ...(step.reason !== null && { reason: step.reason }),
    officer: step.officer,
    receivedAt: step.receivedAt.getTime(),
  })),
})

/** A case with its steps, if it is open. */
export async function readCase(database: Database | Tx, key: CaseKey): Promise<Case | undefined> {
  const row = await database.case.findUnique({ where: { season_phase_child: keyOf(key) }, include: WITH_STEPS })
  return row ? caseOf(row) : undefined
}

/** The same, locked until the transaction ends. */
export async function lockCase(tx: Tx, key: CaseKey): Promise<Case | undefined> {
  await tx.$queryRawUnsafe('SELECT 1 FROM case_file WHERE season = $1 AND phase = $2 AND child = $3 FOR UPDATE', key.season, key.phase, key.child)
  return readCase(tx, key)
}

/**
 * Opens a case with the questions of its check, due at once.
 * @param questions by authority and fact; none for a review
 * @returns false if the case was there
 */
export async function insertCase(tx: Tx, theCase: Case, openedAt: number, questions: readonly { authority: string; fact: string }[]): Promise<boolean> {
  const { kind, state, school, district } = theCase
  const { count } = await tx.case.createMany({
    data: [{ ...keyOf(theCase), kind, state, school: school ?? null, district: district ?? null, openedAt: new Date(openedAt) }],
    skipDuplicates: true,
  })
  if (count === 0) return false
  await tx.question.createMany({ data: questions.map((question) => ({ ...keyOf(theCase), ...question })) })
  return true
}

/** Records a decision: the next step, and what it makes of the case. */
export async function saveDecision(tx: Tx, theCase: Case, decided: Decided, revision: number): Promise<void> {
  const { by, outcome, reason, officer, receivedAt } = decided.step
  await tx.caseStep.create({
    data: {
      ...keyOf(theCase), ordinal: theCase.steps.length + 1, by, outcome, reason: reason ?? null, officer,
      judged: decided.judged as unknown as Prisma.InputJsonValue, receivedAt: new Date(receivedAt),
    },
  })
  await tx.case.update({
    where: { season_phase_child: keyOf(theCase) },
    data: { state: decided.state, revision, findings: decided.findings },
  })
}

/** Sets where a check stands. */
export async function saveProgress(tx: Tx, key: CaseKey, state: CaseState, revision: number): Promise<void> {
  await tx.case.update({ where: { season_phase_child: keyOf(key) }, data: { state, revision } })
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
export async function listCases(database: Database, { after, limit, season, phase, state, school, district }: CaseFilter): Promise<Case[]> {
  const rows = await database.case.findMany({
    where: {
      season,
      ...(phase !== undefined && { phase }),
      ...(state !== undefined && { state }),
      ...(school !== undefined && { school }),
      ...(district !== undefined && { district }),
      ...(after && { OR: [{ phase: { gt: after.phase } }, { phase: after.phase, child: { gt: after.child } }] }),
    },
    include: WITH_STEPS,
    orderBy: [{ phase: 'asc' }, { child: 'asc' }],
    take: limit,
  })
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
