import { DEFAULT_ORDER, type RoundFile } from '../../../../../contracts/rounds.js'
import { Ranking, type RankedUnit, type TicketOf } from './ranking.js'

/**
 * By school, the claims to it as its order ranks them. The claims of a unit stand in the order of its members.
 * @param claimsEnd by unit, where its claims end and those of the next one begin
 */
export function rankClaims({ orders, schools }: RoundFile, units: readonly RankedUnit[], claimsEnd: Int32Array, schoolOf: Int32Array, ticketOf: TicketOf | undefined): Int32Array[] {
  const sharing: number[] = []
  // The units that an order must rank, by school; schools without an order of their own share one list.
  const rankedAt = schools.map(({ id }) => (Object.hasOwn(orders, id) ? [] : sharing))
  const lengths = new Int32Array(schools.length)
  eachClaim(units.keys(), claimsEnd, (claim, unit) => {
    const ranked = rankedAt[schoolOf[claim]!]!
    if (ranked.at(-1) !== unit) ranked.push(unit)
    lengths[schoolOf[claim]!]! += 1
  })
  const queues = Array.from(lengths, (length) => new Int32Array(length))
  const filled = new Int32Array(schools.length)
  const ranking = new Ranking(units, ticketOf)
  const orderOf = new Map(schools.map(({ id }, school) => [rankedAt[school]!, orders[Object.hasOwn(orders, id) ? id : DEFAULT_ORDER]!]))
  for (const [ranked, order] of orderOf) {
    if (ranked.length === 0) continue
    eachClaim(ranking.sort(ranked, order), claimsEnd, (claim) => {
      const school = schoolOf[claim]!
      if (rankedAt[school] === ranked) queues[school]![filled[school]!++] = claim
    })
  }
  return queues
}

function eachClaim(units: Iterable<number>, claimsEnd: Int32Array, visit: (claim: number, unit: number) => void): void {
  for (const unit of units) {
    const end = claimsEnd[unit]!
    for (let claim = unit === 0 ? 0 : claimsEnd[unit - 1]!; claim < end; claim += 1) visit(claim, unit)
  }
}
