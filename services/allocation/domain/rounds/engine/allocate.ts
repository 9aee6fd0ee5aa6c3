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
export const allocate = (round: RoundFile, tickets = ticketsOf(round)): ResultFile => allocateInOrder(inOrderOfIds(round), tickets)

/**
 * The same of a round whose schools and applicants stand in order of their ids.
 * @param texts the canonical JSON of each applicant, where it is there already
 */
export function allocateInOrder(round: RoundFile, tickets: TicketOf | undefined, texts?: readonly string[]): ResultFile {
  const open = openMarket(round, tickets)
  return { format: RESULT_FORMAT, round: round.id, inputDigest: inputDigest(round, texts), ...tell(open, decide(open.market)) }
}
