import type { EndState } from '../../../contracts/enrollment.js'
import { phasesOfKind, type Timeline } from '../../../policies/timeline.js'
import { REASONS } from '../../../workflows/enrollment/ending.js'

export interface Seat {
  school: string
  basis: string
  taken: boolean
  /** Of a desk's seat, where it decided on one. */
  way: string | null
}

/** What the owners have of a child at the end. */
export interface Kept {
  seats: readonly Seat[]
  /** Confirmation phases in which it confirmed. */
  confirmed: readonly string[]
}

/** Why an end contradicts the policy, or what the owners have of the child; undefined if it does not. */
export function endFault(timeline: Timeline, end: EndState, kept: Kept): string | undefined {
  return wayFault(timeline, end) ?? reasonFault(timeline, end) ?? confirmationFault(timeline, end, kept) ?? seatFault(timeline, end, kept)
}

/** Ends of disabled children come from a desk that has such a way. */
function wayFault(timeline: Timeline, end: EndState): string | undefined {
  if (end.kind !== 'inclusive-class' && end.kind !== 'home-teaching' && end.kind !== 'deferral') return undefined
  const desk = phasesOfKind(timeline, 'arrangement').find(({ id }) => id === end.phase)
  return desk?.ways.includes(end.kind) ? undefined : `ended ${end.kind} by ${end.phase}, which has no such way`
}

/** A closing phase ends children for its own reason. */
function reasonFault(timeline: Timeline, end: EndState): string | undefined {
  if (end.kind !== 'ended' || (Object.values(REASONS) as string[]).includes(end.reason)) return undefined
  const closing = phasesOfKind(timeline, 'closing').find(({ id }) => id === end.phase)
  return closing && closing.ends !== end.reason ? `ended by ${end.phase} for ${end.reason}, it ends for ${closing.ends}` : undefined
}

/** A seat that is to be confirmed is nobody's without it. */
function confirmationFault(timeline: Timeline, end: EndState, { confirmed }: Kept): string | undefined {
  if (end.kind !== 'enrolled') return undefined
  const asked = phasesOfKind(timeline, 'confirmation').filter(({ of }) => of.includes(end.round))
  return asked.length === 0 || asked.some(({ id }) => confirmed.includes(id)) ? undefined : `ended enrolled by ${end.round} and never confirmed`
}

/** Rounds whose held seat a paper or a confirmation makes final. */
const isTakenUp = (timeline: Timeline, basis: string): boolean =>
  [...phasesOfKind(timeline, 'notice'), ...phasesOfKind(timeline, 'confirmation')].some(({ takesUp, of }) => takesUp === true && of.includes(basis))

function seatFault(timeline: Timeline, end: EndState, { seats }: Kept): string | undefined {
  const taken = seats.find((seat) => seat.taken)
  switch (end.kind) {
    case 'enrolled': {
      const seat = taken ?? seats.find(({ basis }) => isTakenUp(timeline, basis))
      return seat?.school === end.school && seat.basis === end.round ? undefined : `ended enrolled at ${end.school} by ${end.round}, its seat is ${said(seat)}`
    }
    case 'arranged':
    case 'inclusive-class':
    case 'home-teaching': {
      const seat = seats.find(({ basis }) => basis === 'arrangement')
      const way = end.kind === 'arranged' ? null : end.kind
      return seat?.school === end.school && seat.way === way ? undefined : `ended ${end.kind} at ${end.school}, its seat is ${said(seat)}`
    }
    case 'withdrawn':
      return seats.length === 0 ? undefined : `left the season and has a seat: ${said(seats[0])}`
    case 'deferral':
    case 'ended':
      return taken === undefined ? undefined : `ended without a seat and has taken one: ${said(taken)}`
  }
}

const said = (seat: Seat | undefined): string => (seat ? `${seat.school} by ${seat.basis}${seat.way ? `, ${seat.way}` : ''}` : 'none')
