import type { Check } from '../evidence.js'
import type { Violation } from '../report.js'
import { endFault, type Seat } from './end-fits.js'
import { unsettledFault } from './unsettled.js'

interface ChildSeats {
  child: string
  seats: Seat[]
}

/**
 * 3. Every child of the roster is in exactly one end state, which fits the policy, its seats and what it confirmed; who
 * ended without a seat was asked by the closing phase that ended it, or no desk and no closing phase should have had it.
 */
export const checkEnds: Check = async ({ season, databases, log, closed, timeline }) => {
  const children = await databases.query<{ id: string }>('registration', 'SELECT id FROM child WHERE season = $1', season)
  const counted = { children: children.length }
  if (!closed) return { violations: [{ check: 'ends', what: 'has not closed', where: season }], counted }
  const violations: Violation[] = []
  const seats = new Map((await databases.query<ChildSeats>(
    'allocation',
    `SELECT child, json_agg(json_build_object('school', school, 'basis', basis, 'taken', taken, 'way', way)) AS seats
     FROM seat WHERE season = $1 AND child IS NOT NULL GROUP BY child`,
    season,
  )).map((row) => [row.child, row.seats]))
  const confirmed = new Map((await databases.query<{ child: string; phases: string[] }>(
    'allocation', 'SELECT child, array_agg(phase) AS phases FROM confirmation WHERE season = $1 GROUP BY child', season,
  )).map(({ child, phases }) => [child, phases]))
  for (const { id } of children) {
    const ends = log.ends.get(id) ?? []
    if (ends.length !== 1) violations.push({ check: 'ends', what: ends.length === 0 ? 'has no end' : `has ${ends.length} ends: ${ends.map(({ kind }) => kind).join(', ')}`, where: id })
    else {
      const why = endFault(timeline, ends[0]!, { seats: seats.get(id) ?? [], confirmed: confirmed.get(id) ?? [] }) ?? unsettledFault(timeline, id, ends[0]!, log)
      if (why) violations.push({ check: 'ends', what: why, where: id })
    }
  }
  const known = new Set(children.map(({ id }) => id))
  for (const child of log.ends.keys()) if (!known.has(child)) violations.push({ check: 'ends', what: 'has an end and is on no roster', where: child })
  return { violations, counted }
}
