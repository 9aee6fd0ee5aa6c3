import { RESULT_FORMAT, type ResultFile, type RoundFile } from '../../../../../contracts/rounds.js'
import { ticketOf } from '../ticket.js'
import { inOrderOfIds, inputDigest } from './digest.js'
import { openMarket } from './open-market.js'
import { decide } from './passing-over.js'
import type { TicketOf } from './ranking.js'
import { tell } from './tell.js'

/** Tickets drawn from a round's seed; undefined if it has none. */
export const ticketsOf = ({ seed }: RoundFile): TicketOf | undefined => (seed === undefined ? undefined : (unit) => ticketOf(seed, unit))

/**
 * Decides a round; docs/rounds.md says by which rules. The order of the file changes nothing.
 * @param round without faults, see `readRound`
 * @param tickets if they are not to be drawn from the round's seed
 */
export function allocate(round: RoundFile, tickets = ticketsOf(round)): ResultFile {
  // Sorted once: what is sorted again below is in order already.
  const inOrder = inOrderOfIds(round)
  const head = { format: RESULT_FORMAT, round: round.id, inputDigest: inputDigest(inOrder) } as const
  const open = openMarket(inOrder, tickets)
  return { ...head, ...tell(open, decide(open.market)) }
}
