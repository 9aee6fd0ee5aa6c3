import { NONE, type Held, type Market } from './market.js'
import { SeatCount, suffices } from './seats.js'

/**
 * Deferred acceptance: everyone who holds nothing claims the next school of its list; a school keeps the best claims
 * before it as far as its seats go and refuses the others for good; until nobody moves. Behind the first claim for
 * which its seats do not suffice a school gives no seat to anybody, so that a refusal is never regretted and the
 * order in which claims come changes nothing. A unit that leaves seats behind so is dealt with in `passing-over.ts`.
 * @param passedOver by claim, 1 if it is not made
 */
export function acceptDeferred(market: Market, passedOver: Uint8Array): Held {
  const { sizes, firstClaim, claimantOf, schoolOf, placeOf, plans } = market
  const held = new Int32Array(sizes.length).fill(NONE)
  const next = firstClaim.slice(0, sizes.length)
  const refused = new Uint8Array(claimantOf.length)
  const before: number[][] = plans.map(() => [])
  let moving: Iterable<number> = sizes.keys()
  for (;;) {
    const arrived = claimNext(moving)
    if (arrived.size === 0) return held
    const losers: number[] = []
    for (const [school, claims] of arrived) before[school] = keepBest(school, merged(before[school]!, claims.sort(byPlace)), losers)
    moving = losers
  }

  function claimNext(claimants: Iterable<number>): Map<number, number[]> {
    const arrived = new Map<number, number[]>()
    for (const claimant of claimants) {
      let claim = next[claimant]!
      while (claim < firstClaim[claimant + 1]! && passedOver[claim] === 1) claim += 1
      if (claim === firstClaim[claimant + 1]) continue
      held[claimant] = claim
      next[claimant] = claim + 1
      const others = arrived.get(schoolOf[claim]!)
      if (others) others.push(claim)
      else arrived.set(schoolOf[claim]!, [claim])
    }
    return arrived
  }

  /** @returns the claims that stay before the school: those kept, and refused units, which still stand before others */
  function keepBest(school: number, claims: number[], losers: number[]): number[] {
    const seats = new SeatCount(market, school, claims)
    return claims.filter((claim) => {
      if (refused[claim] === 0 && suffices(market, claim, seats.inReach(claim))) {
        seats.take(claim)
        return true
      }
      seats.refuse(claim)
      const claimant = claimantOf[claim]!
      if (refused[claim] === 0) {
        refused[claim] = 1
        held[claimant] = NONE
        losers.push(claimant)
      }
      return sizes[claimant]! > 1
    })
  }

  function byPlace(a: number, b: number): number {
    return placeOf[a]! - placeOf[b]!
  }

  function merged(some: number[], others: number[]): number[] {
    const all: number[] = []
    let at = 0
    for (const claim of some) {
      while (at < others.length && placeOf[others[at]!]! < placeOf[claim]!) all.push(others[at++]!)
      all.push(claim)
    }
    while (at < others.length) all.push(others[at++]!)
    return all
  }
}
