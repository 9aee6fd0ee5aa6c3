import { isWish, type Held, type Market } from './market.js'
import { SeatCount } from './seats.js'

/** The claims held at a school, the best first. */
export function holdersOf({ firstClaim, claimantOf }: Market, held: Held, school: number): number[] {
  const holders: number[] = []
  for (let claim = firstClaim[school]!; claim < firstClaim[school + 1]!; claim += 1) if (held[claimantOf[claim]!] === claim) holders.push(claim)
  return holders
}

/**
 * Visits, the best first, the claims of those who would rather be at a school than where they are.
 * @param visit is told the seats the claim would find at its turn, own and open, before those with weaker claims
 */
export function visitWishes(market: Market, held: Held, school: number, visit: (claim: number, inReach: number) => void): void {
  const { firstClaim, claimantOf } = market
  const seats = new SeatCount(market, school, holdersOf(market, held, school))
  for (let claim = firstClaim[school]!; claim < firstClaim[school + 1]!; claim += 1) {
    if (held[claimantOf[claim]!] === claim) seats.take(claim)
    else if (isWish(market, held, claim)) visit(claim, seats.inReachOfNewcomer(claim))
  }
}
