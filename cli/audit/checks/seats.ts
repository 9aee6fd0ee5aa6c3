import { phasesOfKind } from '../../../policies/timeline.js'
import type { Check } from '../evidence.js'
import type { Violation } from '../report.js'
import type { Databases } from '../sources/databases.js'

interface SchoolSeats {
  school: string
  planned: number
  unexplained: number
}

/**
 * 1. No child has two taken seats; no school has more seats than its plan has rows, and a row beyond the plan has its
 * reason: the round that gave it says `last-seat: admit` and has decided so of the child. By allocation's rows, and again
 * by the places the event log tells of.
 */
export const checkSeats: Check = async ({ season, databases, log, timeline }) => {
  const violations: Violation[] = []
  const found = (what: string, where: string) => violations.push({ check: 'seats', what, where })
  const rows = await databases.query<{ count: number }>('allocation', 'SELECT count(*)::int AS count FROM seat WHERE season = $1', season)
  const twice = await databases.query<{ child: string; count: number }>(
    'allocation',
    'SELECT child, count(*)::int AS count FROM seat WHERE season = $1 AND taken GROUP BY child HAVING count(*) > 1',
    season,
  )
  for (const { child, count } of twice) found(`has ${count} taken seats`, child)
  const schools = await databases.query<SchoolSeats>(
    'allocation',
    `SELECT school, count(*) FILTER (WHERE overflow IS NULL)::int AS planned,
       count(*) FILTER (WHERE trim(overflow) = '')::int AS unexplained
     FROM seat WHERE season = $1 GROUP BY school`,
    season,
  )
  const total = new Map((await databases.query<{ school: string; count: number }>(
    'allocation', 'SELECT school, count(*)::int AS count FROM seat WHERE season = $1 GROUP BY school', season,
  )).map(({ school, count }) => [school, count]))
  for (const { school, planned, unexplained } of schools) {
    const plan = log.plans.get(school)
    if (plan === undefined) found('has seats and was never published with a plan', school)
    else if (planned > plan) found(`has ${planned} seats, its published plan ${plan}`, school)
    if (unexplained > 0) found(`has ${unexplained} seats beyond the plan without a reason`, school)
  }
  const admitting = phasesOfKind(timeline, 'round').filter(({ lastSeat }) => lastSeat === 'admit').map(({ id }) => id)
  for (const { child, school } of await overPlan(databases, season, admitting)) found(`is over the plan of ${school}, and no round has admitted it so`, child)
  for (const [school, count] of toldSeats(log.facts.values())) {
    if (count > (total.get(school) ?? 0)) found(`${count} children were told of a seat there, it has ${total.get(school) ?? 0}`, school)
  }
  return { violations, counted: { seats: rows[0]?.count ?? 0 } }
}

/** Who is over plan otherwise than by what one of these rounds has decided. */
const overPlan = (databases: Databases, season: string, admitting: readonly string[]): Promise<{ child: string; school: string }[]> =>
  databases.query(
    'allocation',
    `SELECT child, school FROM seat WHERE season = $1 AND overflow IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM round_result AS result
       WHERE result.season = $1 AND result.phase = seat.basis AND result.phase = ANY ($2) AND result.child = seat.child AND result.school = seat.school AND result.reason = 'over-plan')`,
    season,
    admitting,
  )

/** Seats by school, as the newest places in the event log have them. */
function toldSeats(facts: Iterable<{ seats?: { held: { school: string }[]; taken?: { school: string } } }>): Map<string, number> {
  const told = new Map<string, number>()
  for (const { seats } of facts) {
    if (!seats) continue
    for (const { school } of [...seats.held, ...(seats.taken ? [seats.taken] : [])]) told.set(school, (told.get(school) ?? 0) + 1)
  }
  return told
}
