import type { EndState } from '../../../contracts/enrollment.js'
import type { Check } from '../evidence.js'
import type { Violation } from '../report.js'

interface ChildSeats {
  child: string
  seats: { school: string; basis: string; taken: boolean }[]
}
type Seat = ChildSeats['seats'][number]

/** 3. Every child of the roster is in exactly one end state, and its seats fit it. */
export const checkEnds: Check = async ({ season, databases, log, closed, timeline }) => {
  const children = await databases.query<{ id: string }>('registration', 'SELECT id FROM child WHERE season = $1', season)
  const counted = { children: children.length }
  if (!closed) return { violations: [{ check: 'ends', what: 'has not closed', where: season }], counted }
  const violations: Violation[] = []
  const seats = new Map((await databases.query<ChildSeats>(
    'allocation',
    `SELECT child, json_agg(json_build_object('school', school, 'basis', basis, 'taken', taken)) AS seats
     FROM seat WHERE season = $1 AND child IS NOT NULL GROUP BY child`,
    season,
  )).map((row) => [row.child, row.seats]))
  for (const { id } of children) {
    const ends = log.ends.get(id) ?? []
    if (ends.length !== 1) violations.push({ check: 'ends', what: ends.length === 0 ? 'has no end' : `has ${ends.length} ends: ${ends.map(({ kind }) => kind).join(', ')}`, where: id })
    else {
      const why = seatMisfit(ends[0]!, seats.get(id) ?? [], isTakenUp(timeline.phases))
      if (why) violations.push({ check: 'ends', what: why, where: id })
    }
  }
  const known = new Set(children.map(({ id }) => id))
  for (const child of log.ends.keys()) if (!known.has(child)) violations.push({ check: 'ends', what: 'has an end and is on no roster', where: child })
  return { violations, counted }
}

/** Rounds whose held seat a paper or a confirmation makes final. */
const isTakenUp = (phases: readonly object[]) => (basis: string): boolean =>
  (phases as { takesUp?: true; of?: string[] }[]).some(({ takesUp, of }) => takesUp === true && (of ?? []).includes(basis))

/** Why a child's seats contradict its end, or undefined. */
function seatMisfit(end: EndState, seats: readonly Seat[], takenUp: (basis: string) => boolean): string | undefined {
  const taken = seats.find((seat) => seat.taken)
  switch (end.kind) {
    case 'enrolled': {
      const seat = taken ?? seats.find(({ basis }) => takenUp(basis))
      return seat?.school === end.school && seat.basis === end.round ? undefined : `ended enrolled at ${end.school} by ${end.round}, its seat is ${said(seat)}`
    }
    case 'arranged':
    case 'inclusive-class':
    case 'home-teaching': {
      const seat = seats.find(({ basis }) => basis === 'arrangement')
      return seat?.school === end.school ? undefined : `ended ${end.kind} at ${end.school}, its seat is ${said(seat)}`
    }
    case 'withdrawn':
      return seats.length === 0 ? undefined : `left the season and has a seat: ${said(seats[0])}`
    case 'deferral':
    case 'ended':
      return taken === undefined ? undefined : `ended without a seat and has taken one: ${said(taken)}`
  }
}

const said = (seat: Seat | undefined): string => (seat ? `${seat.school} by ${seat.basis}` : 'none')
