import { OUTCOMES, type PhaseKind } from '../../policies/language.js'
import type { Aggregate } from '../../contracts/facts.js'
import type { Sql } from '../postgres/sql.js'

/** The aggregate that states a phase's outcome, by the phase's kind. */
const STATED_BY: Record<PhaseKind, Aggregate> = {
  registration: 'registration',
  choice: 'choice',
  check: 'case',
  review: 'case',
  round: 'place',
  notice: 'place',
  result: 'place',
  publication: 'place',
  confirmation: 'place',
  'check-in': 'place',
  arrangement: 'place',
  closing: 'place',
}

/** How many children have a live outcome of a phase, and the digest over them. */
export interface OutcomeDigest {
  count: number
  /** SHA-256 (hex) over a line `child revision` for each, in the order of the child ids. */
  digest: string
}

/**
 * Counts and digests the live outcomes of a phase as this database's facts know them. The owner and whoever
 * has a copy of its facts come to the same digest exactly when the copy is complete.
 */
export async function windowDigest(sql: Sql, season: string, phase: string, kind: string): Promise<OutcomeDigest> {
  const [row] = await sql.$queryRawUnsafe<OutcomeDigest[]>(
    `SELECT count(*)::int AS count,
       encode(sha256(convert_to(coalesce(
         string_agg(child || ' ' || revision || E'\\n', '' ORDER BY child COLLATE "C", revision), ''), 'UTF8')), 'hex') AS digest
     FROM platform.child_fact
     WHERE season = $1 AND aggregate = $2 AND body->'outcomes'->>$3 = ANY ($4::text[])`,
    season,
    STATED_BY[kind as PhaseKind],
    phase,
    OUTCOMES[kind as PhaseKind].live,
  )
  if (!row) throw new Error('An aggregate query gave no row')
  return row
}
