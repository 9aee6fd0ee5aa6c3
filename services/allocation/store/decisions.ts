import type { ChildId, PhaseId, SchoolId, SeasonId } from '../../../contracts/ids.js'
import type { ChildResult } from '../domain/rounds/decide.js'
import { parts, type Tx } from './database.js'

const AT_ONCE = 10_000

/** Why a school has a seat over plan: by this term of the policy. */
const OVER_PLAN = 'last-seat: admit'

/**
 * Keeps the free seats of these schools for a round, so that nobody else gets one before it is decided.
 * @returns how many each school has
 */
export async function reserveFreeSeats(tx: Tx, season: SeasonId, phase: PhaseId, schools: readonly SchoolId[]): Promise<Map<SchoolId, number>> {
  const rows = await tx.$queryRawUnsafe<{ school: SchoolId; seats: number }[]>(
    `WITH reserved AS (
       UPDATE seat SET reserved_for = $2
       WHERE season = $1 AND school = ANY ($3::text[]) AND child IS NULL AND reserved_for IS NULL RETURNING school)
     SELECT school, count(*)::int AS seats FROM reserved GROUP BY school`,
    season,
    phase,
    schools,
  )
  return new Map([...schools.map((school) => [school, 0] as const), ...rows.map(({ school, seats }) => [school, seats] as const)])
}

/** Locks the seats of these schools that are reserved for a round. Ordinals by school, ascending. */
export async function lockReservedSeats(tx: Tx, season: SeasonId, phase: PhaseId, schools: readonly SchoolId[]): Promise<Map<SchoolId, number[]>> {
  const rows = await tx.$queryRawUnsafe<{ school: SchoolId; ordinal: number }[]>(
    `SELECT school, ordinal FROM seat WHERE season = $1 AND reserved_for = $2 AND school = ANY ($3::text[])
     ORDER BY school COLLATE "C", ordinal FOR UPDATE`,
    season,
    phase,
    schools,
  )
  const reserved = new Map<SchoolId, number[]>(schools.map((school) => [school, []]))
  for (const { school, ordinal } of rows) reserved.get(school)!.push(ordinal)
  return reserved
}

/** The round is decided for these schools: what it has not given is free for others. */
export async function freeReservedSeats(tx: Tx, season: SeasonId, phase: PhaseId, schools: readonly SchoolId[]): Promise<void> {
  await tx.$executeRawUnsafe('UPDATE seat SET reserved_for = NULL WHERE season = $1 AND reserved_for = $2 AND school = ANY ($3::text[])', season, phase, schools)
}

/**
 * Gives each admitted child the next reserved seat of its school, or one over plan where the round says so; held and not
 * visible before the publication.
 */
export async function giveSeats(tx: Tx, season: SeasonId, phase: PhaseId, results: readonly ChildResult[], free: Map<SchoolId, number[]>): Promise<void> {
  const used = new Map<SchoolId, number>()
  const given = results.flatMap(({ child, school, reason }) => {
    if (school === null || reason === 'over-plan') return []
    const at = used.get(school) ?? 0
    used.set(school, at + 1)
    return [{ child, school, ordinal: String(free.get(school)![at]!) }]
  })
  for (const some of parts(given, AT_ONCE)) {
    const changed = await tx.$executeRawUnsafe(
      `UPDATE seat SET child = given.child, basis = $2, reserved_for = NULL
       FROM unnest($3::text[], $4::text[], $5::int[]) AS given (child, school, ordinal)
       WHERE seat.season = $1 AND seat.school = given.school AND seat.ordinal = given.ordinal AND seat.reserved_for = $2`,
      season,
      phase,
      some.map(({ child }) => child),
      some.map(({ school }) => school),
      some.map(({ ordinal }) => ordinal),
    )
    if (changed !== some.length) throw new Error(`${phase}: ${some.length} seats were to be given, ${changed} were reserved`)
  }
  await giveSeatsOverPlan(tx, season, phase, results.filter(({ reason }) => reason === 'over-plan'))
}

/** Seats that are there for these children alone; the database drops each with its child. */
async function giveSeatsOverPlan(tx: Tx, season: SeasonId, phase: PhaseId, results: readonly ChildResult[]): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO seat (season, school, ordinal, overflow, child, basis)
     SELECT $1, school, (SELECT max(ordinal) FROM seat WHERE season = $1 AND seat.school = given.school) + row_number() OVER (PARTITION BY school ORDER BY child), $3, child, $2
     FROM unnest($4::text[], $5::text[]) AS given (child, school)`,
    season,
    phase,
    OVER_PLAN,
    results.map(({ child }) => child),
    results.map(({ school }) => school),
  )
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

/**
 * Takes seats back that a round gave these children, and that nobody has seen yet: they keep what an admission would
 * have cost them. Seats over plan are gone. The caller holds the locks of the round and of their places.
 * @param reservedFor the round that the seats stay reserved for; null if they are free for everybody
 */
export async function takeBack(tx: Tx, season: SeasonId, phase: PhaseId, children: readonly ChildId[], reservedFor: PhaseId | null): Promise<void> {
  for (const some of parts(children, AT_ONCE)) {
    await tx.$executeRawUnsafe(
      `UPDATE seat SET child = NULL, basis = NULL, leaves_with = NULL, reserved_for = $4
       WHERE season = $1 AND basis = $2 AND child = ANY ($3::text[]) AND NOT visible`,
      season,
      phase,
      some,
      reservedFor,
    )
    await tx.$executeRawUnsafe('UPDATE seat SET leaves_with = NULL WHERE season = $1 AND leaves_with = $2 AND child = ANY ($3::text[])', season, phase, some)
  }
}

/**
 * Notes the groups that are given. The database knows each once, so none is given or published again.
 * @returns those that were not given before
 */
export async function noteGiven(tx: Tx, season: SeasonId, phase: PhaseId, groups: readonly string[]): Promise<Set<string>> {
  const rows = await tx.$queryRawUnsafe<{ id: string }[]>(
    `INSERT INTO round_given (season, phase, "group") SELECT $1, $2, unnest($3::text[]) ON CONFLICT DO NOTHING RETURNING "group" AS id`,
    season,
    phase,
    groups,
  )
  return new Set(rows.map(({ id }) => id))
}

/** Stores a result to be published for each child, and that the round is decided, or decided for more children in a supplement. */
export async function insertDecision(tx: Tx, season: SeasonId, phase: PhaseId, supplement: number, results: readonly ChildResult[]): Promise<void> {
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
    `UPDATE round SET state = 'decided', supplement = $5::int, admitted = coalesce(admitted, 0) + $3::int, not_admitted = coalesce(not_admitted, 0) + $4::int,
       decided_at = clock_timestamp(), published_at = NULL
     WHERE season = $1 AND phase = $2`,
    season,
    phase,
    admitted,
    results.length - admitted,
    supplement,
  )
}
