import type { ChildId, PhaseId, SeasonId } from '../../../contracts/ids.js'
import type { Proposal, ProposalsFile, ResidualFile, Verdict } from '../../../contracts/residual.js'
import type { Tx } from './database.js'
import { takeBack } from './decisions.js'
import type { OfRun } from './steps.js'

/** A proposal of the run that decided a residual round, with what staff said to it. */
export type JudgedProposal = Proposal & { verdict: Verdict | null }

const PROPOSED = `
  SELECT p.*, given.verdict FROM round
  JOIN residual_run USING (season, phase, run)
  CROSS JOIN LATERAL jsonb_to_recordset(residual_run.result->'proposals') AS p (child text, school text, metres float8, reason text, nearer jsonb)
  LEFT JOIN proposal_verdict AS given ON (given.season, given.phase, given.run, given.child) = (round.season, round.phase, round.run, p.child)
  WHERE round.season = $1 AND round.phase = $2`

/** What a residual round was decided from, what came of it, and who asked. */
export interface ResidualRun {
  askedBy: string
  input: ResidualFile
  result: ProposalsFile
}

/** Keeps a run, from which anyone can compute the round again. The database refuses a second one, and to change or delete one. */
export async function insertResidualRun(tx: Tx, { season, phase, run }: OfRun, { askedBy, input, result }: ResidualRun): Promise<void> {
  await tx.$executeRawUnsafe(
    'INSERT INTO residual_run (season, phase, run, asked_by, input, result) VALUES ($1, $2, $3::int, $4, $5::jsonb, $6::jsonb)',
    season,
    phase,
    run,
    askedBy,
    JSON.stringify(input),
    JSON.stringify(result),
  )
}

/** A page of the proposals after a child, by child. */
export const pageOfProposals = (tx: Tx, season: SeasonId, phase: PhaseId, page: { after: string; limit: number }): PromiseLike<JudgedProposal[]> =>
  tx.$queryRawUnsafe<JudgedProposal[]>(
    `${PROPOSED} AND p.child COLLATE "C" > $3 ORDER BY p.child COLLATE "C" LIMIT $4`,
    season,
    phase,
    page.after,
    page.limit,
  )

/** Whom a round proposes for a school, with what staff said; all of them or these children. */
export const verdictsOf = (tx: Tx, season: SeasonId, phase: PhaseId, children: readonly ChildId[] | 'all'): PromiseLike<{ child: ChildId; verdict: Verdict | null }[]> =>
  tx.$queryRawUnsafe<{ child: ChildId; verdict: Verdict | null }[]>(
    `SELECT child, verdict FROM (${PROPOSED}) AS proposed
     WHERE school IS NOT NULL AND ($3::boolean OR child = ANY ($4::text[])) ORDER BY child COLLATE "C"`,
    season,
    phase,
    children === 'all',
    children === 'all' ? [] : children,
  )

/** Records what an officer said to these proposals. */
export async function insertVerdicts(
  tx: Tx,
  season: SeasonId,
  phase: PhaseId,
  children: readonly ChildId[],
  { verdict, officer, reason }: { verdict: Verdict; officer: string; reason: string | undefined },
): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO proposal_verdict (season, phase, run, child, verdict, officer, reason)
     SELECT season, phase, run, child, $4, $5, $6 FROM round, unnest($3::text[]) AS child WHERE season = $1 AND phase = $2`,
    season,
    phase,
    children,
    verdict,
    officer,
    reason ?? null,
  )
}

/** The children of refused proposals are not admitted. The caller holds the locks of the round and of their places. */
export async function withdrawProposals(tx: Tx, season: SeasonId, phase: PhaseId, children: readonly ChildId[]): Promise<void> {
  await takeBack(tx, season, phase, children, null)
  await tx.$executeRawUnsafe(
    `UPDATE round_result SET outcome = 'not-admitted', school = NULL, reason = 'refused-by-staff' WHERE season = $1 AND phase = $2 AND child = ANY ($3::text[])`,
    season,
    phase,
    children,
  )
  await tx.$executeRawUnsafe(
    'UPDATE round SET admitted = admitted - $3::int, not_admitted = not_admitted + $3::int WHERE season = $1 AND phase = $2',
    season,
    phase,
    children.length,
  )
}
