import type { ChildId, SchoolId } from '../../../../../contracts/ids.js'
import type { Proposal } from '../../../../../contracts/residual.js'
import type { TicketOf } from '../engine/ranking.js'
import { byText } from '../list.js'
import { NOWHERE, type Network } from './network.js'
import { placeShortest } from './shortest.js'
import { settleTies } from './ties.js'

/** Children without a place, and the schools that still have seats. */
export interface Residual {
  schools: readonly { id: SchoolId; seats: number }[]
  /** With the whole metres to each school that can take the child. */
  children: readonly { id: ChildId; metres: Readonly<Record<SchoolId, number>> }[]
}

/**
 * Proposes places for children who fit nowhere: as many as there are seats for, the better ticket first, with the
 * least distance in total, ties by ticket. Neither order of the input changes anything.
 * @returns a proposal for each child, in order of their ids
 * @throws Error if two children have one ticket, or a distance is no whole number
 */
export function placeResidual({ schools, children }: Residual, ticketOf: TicketOf): Proposal[] {
  const inOrder = schools.toSorted((a, b) => byText(a.id, b.id))
  const ids = inOrder.map(({ id }) => id)
  const byTicket = inTicketOrder(children, ticketOf)
  const network: Network = {
    children: byTicket.length,
    schools: inOrder.length,
    seats: Int32Array.from(inOrder, ({ seats }) => seats),
    metres: Float64Array.from(byTicket.flatMap(({ id, metres }) => ids.map((school) => wholeMetres(id, school, metres)))),
  }
  const placement = settleTies(network, placeShortest(network))
  return byTicket
    .map((child, index) => propose(child, ids, placement[index] === NOWHERE ? null : ids[placement[index]!]!))
    .sort((a, b) => byText(a.child, b.child))
}

function inTicketOrder(children: Residual['children'], ticketOf: TicketOf): Residual['children'] {
  const drawn = children.map((child) => ({ child, ticket: ticketOf(child.id) }))
  drawn.sort((a, b) => byText(a.ticket, b.ticket))
  const twice = drawn.find(({ ticket }, at) => ticket === drawn[at + 1]?.ticket)
  if (twice) throw new Error(`${twice.child.id} has the ticket of another child`)
  return drawn.map(({ child }) => child)
}

function wholeMetres(child: ChildId, school: SchoolId, metres: Residual['children'][number]['metres']): number {
  if (!Object.hasOwn(metres, school)) return Infinity
  const distance = metres[school]!
  if (!Number.isSafeInteger(distance) || distance < 0) throw new Error(`${child} has ${distance} metres to ${school}; they must be a whole number`)
  return distance
}

function propose({ id, metres }: Residual['children'][number], schools: readonly SchoolId[], school: SchoolId | null): Proposal {
  const own = school === null ? null : metres[school]!
  const nearer = schools
    .filter((other) => Object.hasOwn(metres, other) && (own === null || metres[other]! < own))
    .sort((a, b) => metres[a]! - metres[b]! || byText(a, b))
  const isNearest = nearer.length === 0
  const reason = school === null ? (isNearest ? 'no-school' : 'no-seat') : isNearest ? 'nearest' : 'nearer-full'
  return { child: id, school, metres: own, reason, nearer }
}
