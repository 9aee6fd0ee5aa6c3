import type { ChildId, PhaseId, SchoolId, SeasonId } from '../../../contracts/ids.js'
import type { ChildResult, Decision } from '../domain/rounds/decide.js'
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
    if (school === undefined) return []
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

/** Stores seed and results: the record from which anyone can compute the round again. */
export async function insertDecision(tx: Tx, season: SeasonId, phase: PhaseId, { seed, origin }: Seed, { results, runs }: Decision): Promise<void> {
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
  await tx.$executeRawUnsafe(
    `INSERT INTO round_school (season, phase, school, applicants, seats, drawn)
     SELECT $1, $2, * FROM jsonb_to_recordset($3::jsonb) AS s (school text, applicants int, seats int, drawn boolean)`,
    season,
    phase,
    JSON.stringify(runs),
  )
  const admitted = results.filter(({ outcome }) => outcome === 'admitted').length
  await tx.$executeRawUnsafe(
    `UPDATE round SET state = 'decided', seed = $3, seed_origin = $4, admitted = $5, not_admitted = $6, decided_at = clock_timestamp()
     WHERE season = $1 AND phase = $2 AND state = 'frozen'`,
    season,
    phase,
    seed,
    origin,
    admitted,
    results.length - admitted,
  )
}
