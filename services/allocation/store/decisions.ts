import type { ChildId, PhaseId, SchoolId, SeasonId } from '../../../contracts/ids.js'
import type { ProposalsFile, ResidualFile } from '../../../contracts/residual.js'
import type { ResultFile, RoundFile } from '../../../contracts/rounds.js'
import type { ChildResult } from '../domain/rounds/decide.js'
import type { Seed } from '../domain/rounds/seed.js'
import { parts, type Tx } from './database.js'

const AT_ONCE = 10_000

/** Locks the free seats of these schools. Ordinals by school, ascending. */
export async function lockFreeSeats(tx: Tx, season: SeasonId, schools: readonly SchoolId[]): Promise<Map<SchoolId, number[]>> {
  const rows = await tx.$queryRawUnsafe<{ school: SchoolId; ordinal: number }[]>(
    `SELECT school, ordinal FROM seat WHERE season = $1 AND school = ANY ($2::text[]) AND child IS NULL
     ORDER BY school COLLATE "C", ordinal FOR UPDATE`,
    season,
    schools,
  )
  const free = new Map<SchoolId, number[]>(schools.map((school) => [school, []]))
  for (const { school, ordinal } of rows) free.get(school)!.push(ordinal)
  return free
}

/** Gives each admitted child the next free seat of its school, held and not visible before the publication. */
export async function giveSeats(tx: Tx, season: SeasonId, phase: PhaseId, results: readonly ChildResult[], free: Map<SchoolId, number[]>): Promise<void> {
  const used = new Map<SchoolId, number>()
  const given = results.flatMap(({ child, school }) => {
    if (school === null) return []
    const at = used.get(school) ?? 0
    used.set(school, at + 1)
    return [{ child, school, ordinal: String(free.get(school)![at]!) }]
  })
  for (const some of parts(given, AT_ONCE)) {
    const changed = await tx.$executeRawUnsafe(
      `UPDATE seat SET child = given.child, basis = $2
       FROM unnest($3::text[], $4::text[], $5::int[]) AS given (child, school, ordinal)
       WHERE seat.season = $1 AND seat.school = given.school AND seat.ordinal = given.ordinal AND seat.child IS NULL`,
      season,
      phase,
      some.map(({ child }) => child),
      some.map(({ school }) => school),
      some.map(({ ordinal }) => ordinal),
    )
    if (changed !== some.length) throw new Error(`${phase}: ${some.length} seats were to be given, ${changed} were free`)
  }
}

/**
 * Marks the seats that the admitted give back when their admission is published: every earlier one, held or taken,
 * that the round does not keep, and what its effect releases. What a desk gave is final.
 */
export async function markLeaving(
  tx: Tx,
  season: SeasonId,
  phase: PhaseId,
  admitted: readonly ChildId[],
  bases: { keeps: readonly PhaseId[]; releases: readonly PhaseId[] },
): Promise<void> {
  for (const some of parts(admitted, AT_ONCE)) {
    await tx.$executeRawUnsafe(
      `UPDATE seat SET leaves_with = $2
       WHERE season = $1 AND child = ANY ($3::text[]) AND leaves_with IS NULL AND basis <> $2
         AND basis <> 'arrangement' AND (basis <> ALL ($4::text[]) OR basis = ANY ($5::text[]))`,
      season,
      phase,
      some,
      bases.keeps,
      bases.releases,
    )
  }
}

/** A run of a round: what went in, what came out, and who asked. In a residual round it proposes. */
export interface Run {
  run: number
  askedBy: string
  input: RoundFile | ResidualFile
  result: ResultFile | ProposalsFile
}

/** Keeps a run, from which anyone can compute the round again. The database refuses to change or delete one. */
export async function insertRun(tx: Tx, season: SeasonId, phase: PhaseId, { run, askedBy, input, result }: Run): Promise<void> {
  await tx.$executeRawUnsafe(
    'INSERT INTO round_run (season, phase, run, asked_by, input, result) VALUES ($1, $2, $3, $4, $5::jsonb, $6::jsonb)',
    season,
    phase,
    run,
    askedBy,
    JSON.stringify(input),
    JSON.stringify(result),
  )
}

/** Makes a run the one that decides its round: stores the seed, and a result to be published for each child. */
export async function insertDecision(tx: Tx, season: SeasonId, phase: PhaseId, { run, result: { inputDigest } }: Run, { seed, origin }: Seed, results: readonly ChildResult[]): Promise<void> {
  for (const some of parts(results, AT_ONCE)) {
    await tx.$executeRawUnsafe(
      `INSERT INTO round_result (season, phase, child, unit, ticket, outcome, school, reason)
       SELECT $1, $2, * FROM jsonb_to_recordset($3::jsonb)
         AS r (child text, unit text, ticket text, outcome text, school text, reason text)`,
      season,
      phase,
      JSON.stringify(some),
    )
  }
  const admitted = results.filter(({ outcome }) => outcome === 'admitted').length
  await tx.$executeRawUnsafe(
    `UPDATE round SET state = 'decided', seed = $3, seed_origin = $4, admitted = $5, not_admitted = $6, run = $7, input_digest = $8, decided_at = clock_timestamp()
     WHERE season = $1 AND phase = $2 AND state = 'frozen'`,
    season,
    phase,
    seed,
    origin,
    admitted,
    results.length - admitted,
    run,
    inputDigest,
  )
}
