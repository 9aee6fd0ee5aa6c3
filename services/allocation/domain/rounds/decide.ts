import type { ChildId, SchoolId, UnitId } from '../../../../contracts/ids.js'
import { byText } from './list.js'
import { ticketOf } from './ticket.js'
import type { RoundUnit } from './unit.js'

/** The methods this service decides by. */
export const METHODS = ['direct', 'catchment', 'lottery'] as const
export type Method = (typeof METHODS)[number]

export interface ChildResult {
  child: ChildId
  unit: UnitId
  /** The unit's ticket, hex. */
  ticket: string
  outcome: 'admitted' | 'not-admitted'
  school?: SchoolId
  /** Only if not admitted. */
  reason?: 'no-school' | 'no-seat'
}

/**
 * One school's part of a round: who wanted it first, what it had, and whether there had to be a draw. Also of a
 * school that is only a later wish: without its seats the round could not be computed again.
 */
export interface SchoolRun {
  school: SchoolId
  /** Children whose first wish it was. */
  applicants: number
  /** Seats left at the decision. */
  seats: number
  drawn: boolean
}

export interface Decision {
  /** In order of the decision. */
  results: ChildResult[]
  /** In order of the schools' ids. */
  runs: SchoolRun[]
}

/** Units that are served together, before all later ones. */
type Tier = (unit: RoundUnit) => number

/**
 * Who is served before the others whatever the tickets say. In a catchment a child whose zone has one school is
 * settled before those whom another school may take as well.
 */
const TIERS: Record<Method, Tier> = {
  direct: () => 0,
  lottery: () => 0,
  catchment: (unit) => (unit.schools.length > 1 ? 1 : 0),
}

/**
 * Decides a round. Units are served in order of tier and ticket; each gets the first of its schools with a seat
 * for every member. So all are in where all fit, and a pair that meets one last seat is passed over for it.
 * The order of the input changes nothing.
 * @param capacity seats left by school at this instant
 * @param seed hex
 */
export function decideRound(method: Method, units: readonly RoundUnit[], capacity: ReadonlyMap<SchoolId, number>, seed: string): Decision {
  const left = new Map(capacity)
  const results = inOrder(method, units, seed).flatMap(({ unit, ticket }) => {
    const school = unit.schools.find((candidate) => (left.get(candidate) ?? 0) >= unit.members.length)
    if (school !== undefined) left.set(school, left.get(school)! - unit.members.length)
    return unit.members.map((child): ChildResult => ({ child, unit: unit.unit, ticket, ...outcome(unit, school) }))
  })
  return { results, runs: runsOf(units, capacity) }
}

function inOrder(method: Method, units: readonly RoundUnit[], seed: string): { unit: RoundUnit; ticket: string }[] {
  const tier = TIERS[method]
  return units
    .map((unit) => ({ unit, ticket: ticketOf(seed, unit.unit) }))
    .sort((a, b) => tier(a.unit) - tier(b.unit) || byText(a.ticket, b.ticket) || byText(a.unit.unit, b.unit.unit))
}

function outcome(unit: RoundUnit, school: SchoolId | undefined): Pick<ChildResult, 'outcome' | 'school' | 'reason'> {
  if (school !== undefined) return { outcome: 'admitted', school }
  return { outcome: 'not-admitted', reason: unit.schools.length === 0 ? 'no-school' : 'no-seat' }
}

function runsOf(units: readonly RoundUnit[], capacity: ReadonlyMap<SchoolId, number>): SchoolRun[] {
  const applicants = new Map<SchoolId, number>()
  for (const { schools, members } of units) {
    for (const [wish, school] of schools.entries()) applicants.set(school, (applicants.get(school) ?? 0) + (wish === 0 ? members.length : 0))
  }
  return [...applicants]
    .map(([school, count]) => {
      const seats = capacity.get(school) ?? 0
      return { school, applicants: count, seats, drawn: count > seats }
    })
    .sort((a, b) => byText(a.school, b.school))
}

/** True for the methods that {@link decideRound} knows; the policy language has more. */
export function isMethod(method: string): method is Method {
  return (METHODS as readonly string[]).includes(method)
}
