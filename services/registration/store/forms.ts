import type { ChildFact } from '../../../contracts/facts.js'
import type { Answers } from '../domain/answers.js'
import { asMs, sqlInstant, type Sql } from '../../../platform/postgres/index.js'

/** A form as it stands. Personal data. */
export interface FormRow {
  child: string
  form: string
  phase: string
  revision: number
  answers: Answers
  frozen: boolean
  /** Epoch ms. */
  receivedAt: number
}

const COLUMNS = `child, form, phase, revision, answers, frozen, ${asMs('received_at')} AS "receivedAt"`

/** The child's form; the caller holds the child's lock where it means to change it. */
export async function readForm(sql: Sql, season: string, child: string, form: string): Promise<FormRow | undefined> {
  const [row] = await sql.$queryRawUnsafe<FormRow[]>(
    `SELECT ${COLUMNS} FROM form WHERE season = $1 AND child = $2 AND form = $3`,
    season,
    child,
    form,
  )
  return row
}

/** The form that was filed through a phase. */
export async function readFormOfPhase(sql: Sql, season: string, child: string, phase: string): Promise<FormRow | undefined> {
  const [row] = await sql.$queryRawUnsafe<FormRow[]>(
    `SELECT ${COLUMNS} FROM form WHERE season = $1 AND child = $2 AND phase = $3`,
    season,
    child,
    phase,
  )
  return row
}

export interface Filing extends Omit<FormRow, 'frozen'> {
  season: string
  signed: boolean
  filedBy: string
}

/**
 * Stores a form filed or amended.
 * @returns when it was first filed, epoch ms
 */
export async function writeForm(sql: Sql, filing: Filing): Promise<number> {
  const [row] = await sql.$queryRawUnsafe<{ registeredAt: number }[]>(
    `INSERT INTO form (season, child, form, phase, revision, answers, signed, received_at, filed_by, registered_at)
     VALUES ($1, $2, $3, $4, $5::int, $6::jsonb, $7::boolean, $8::timestamptz, $9, $8::timestamptz)
     ON CONFLICT (season, child, form) DO UPDATE SET phase = excluded.phase, revision = excluded.revision,
       answers = excluded.answers, signed = excluded.signed, received_at = excluded.received_at,
       filed_by = excluded.filed_by, frozen = false
     RETURNING ${asMs('registered_at')} AS "registeredAt"`,
    filing.season,
    filing.child,
    filing.form,
    filing.phase,
    filing.revision,
    JSON.stringify(filing.answers),
    filing.signed,
    sqlInstant(filing.receivedAt),
    filing.filedBy,
  )
  return row!.registeredAt
}

/** Moves forms to a new revision whose answers are the same, because their unit changed. */
export async function reviseForms(sql: Sql, season: string, form: string, revisions: readonly { child: string; revision: number }[]): Promise<void> {
  await sql.$executeRawUnsafe(
    `UPDATE form SET revision = given.revision
     FROM unnest($3::text[], $4::int[]) AS given (child, revision)
     WHERE form.season = $1 AND form.form = $2 AND form.child = given.child`,
    season,
    form,
    revisions.map(({ child }) => child),
    revisions.map(({ revision }) => String(revision)),
  )
}

/**
 * The registration facts of some children, their form rows locked until the transaction ends: the close of a
 * phase changes forms without locking children.
 */
export async function lockRegistrationFacts(sql: Sql, season: string, form: string, children: readonly string[]) {
  await sql.$queryRawUnsafe(
    'SELECT 1 FROM form WHERE season = $1 AND form = $2 AND child = ANY ($3::text[]) ORDER BY child FOR UPDATE',
    season,
    form,
    children,
  )
  const rows = await sql.$queryRawUnsafe<{ body: ChildFact }[]>(
    `SELECT body FROM platform.child_fact
     WHERE season = $1 AND aggregate = 'registration' AND id = $2 AND child = ANY ($3::text[])`,
    season,
    form,
    children,
  )
  return rows.map((row) => row.body)
}
