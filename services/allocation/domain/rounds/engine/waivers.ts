import type { SchoolId } from '../../../../../contracts/ids.js'
import type { ApplicantId, Assignment, Reason, ResultFile, RoundFile } from '../../../../../contracts/rounds.js'
import { byText } from '../list.js'
import { ticketsOf } from './allocate.js'
import { fillFreeSeats, type Step } from './free-seats.js'
import { NONE, type Held } from './market.js'
import { openMarket, type OpenMarket } from './open-market.js'
import { tell } from './tell.js'
import { Vacancies } from './vacancies.js'

/** A child that a waiver has moved up. */
export interface Move {
  applicant: ApplicantId
  from: SchoolId | null
  to: SchoolId
  /** Its place in the reserves of `to` before. */
  rank: number
  reason: Extract<Reason, 'moved-up' | 'over-plan'>
  /** Who left the seat; null if it had been free before, or is over plan. */
  seatOf: ApplicantId | null
}

/**
 * Moves the reserves on: the seats of those who waive go to those who would rather have them, and so on with the seats
 * these leave. Nobody else's place changes. To waive is to leave the round, from a place or from the reserves.
 * @param result of the round, perhaps with earlier waivers
 * @returns the next result, and each move in order of happening; a child may move twice
 */
export function moveUp(round: RoundFile, result: ResultFile, waiving: Iterable<ApplicantId>, tickets = ticketsOf(round)): { result: ResultFile; moves: Move[] } {
  const gone = new Set([...waiving, ...waivedIn(result)])
  const open = openMarket(round, tickets, gone)
  const held = heldIn(open, result)
  const vacancies = new Vacancies(round.schools, result.assignments, gone)
  const moves = fillFreeSeats(open.market, held).flatMap((steps) => movesOf(open, steps, result, vacancies))
  const { assignments, reserves } = tell(open, held)
  const reasons = new Map(moves.map(({ applicant, reason }) => [applicant, reason]))
  const now = new Map(assignments.map((assignment) => [assignment.applicant, assignment]))
  const next = result.assignments.map((before): Assignment => {
    const { applicant } = before
    if (gone.has(applicant)) return { applicant, school: null, choice: null, reason: 'waived' }
    const reason = reasons.get(applicant)
    return reason ? { ...now.get(applicant)!, reason } : before
  })
  return { result: { ...result, assignments: next, reserves }, moves }
}

/** Those who have left the round. */
export const waivedIn = ({ assignments }: ResultFile): ApplicantId[] => assignments.filter(({ reason }) => reason === 'waived').map(({ applicant }) => applicant)

/** What everyone holds by a result; of a unit, what its first member has. */
export function heldIn({ market, claimants }: OpenMarket, { assignments }: ResultFile): Held {
  const choices = new Map(assignments.map(({ applicant, choice }) => [applicant, choice]))
  return Int32Array.from(claimants, ([first], claimant) => {
    const choice = choices.get(first!.id) ?? null
    return choice === null ? NONE : market.choices[market.firstChoice[claimant]! + choice - 1]!
  })
}

/** The moves of children that happen at once. */
function movesOf({ market, schools, claimants }: OpenMarket, steps: readonly Step[], { reserves }: ResultFile, vacancies: Vacancies): Move[] {
  const schoolAt = (claim: number) => schools[market.schoolOf[claim]!]!.id
  const inOrder = steps.toSorted((a, b) => byText(schoolAt(a.to), schoolAt(b.to)) || a.to - b.to)
  const moves = inOrder.flatMap(({ claimant, from, to }) =>
    claimants[claimant]!.map(({ id }): Move => {
      const school = schoolAt(to)
      return { applicant: id, from: from === NONE ? null : schoolAt(from), to: school, rank: reserves[school]!.indexOf(id) + 1, ...vacancies.take(school) }
    }))
  for (const { applicant, from } of moves) if (from !== null) vacancies.leave(from, applicant)
  return moves
}

/**
 * Why a child moved: the moves that led to its last one, from the one into a waiver's seat, or into one that had
 * been free, to its own.
 */
export function chainTo(applicant: ApplicantId, moves: readonly Move[]): Move[] {
  const last = moves.findLastIndex((move) => move.applicant === applicant)
  if (last < 0) return []
  const chain = [moves[last]!]
  for (const move of moves.slice(0, last).toReversed()) {
    const [next] = chain
    if (move.applicant === next!.seatOf && move.from === next!.to) chain.unshift(move)
  }
  return chain
}
