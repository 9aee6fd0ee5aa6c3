import { NONE, type Held, type Market } from './market.js'
import { SeatCount, suffices } from './seats.js'

/**
 * Deferred acceptance: everyone who holds nothing claims the next school of its list; a school keeps the best claims
 * before it as far as its seats go and refuses the others for good; until nobody moves. Behind the first claim it
 * refuses a school gives no open seat to anybody, so that a refusal is never regretted and the order in which claims
 * come changes nothing. A unit that leaves seats behind so is dealt with in `passing-over.ts`.
 * @param passedOver by claim, 1 if it is not made
 */
export function acceptDeferred(market: Market, passedOver: Uint8Array): Held {
  const { firstChoice, choices, claimantOf, schoolOf, sizeOf, ownClassOf, ownSeats, plans } = market
  const claimants = firstChoice.length - 1
  const held = new Int32Array(claimants).fill(NONE)
  const next = firstChoice.slice(0, claimants)
  const refused = new Uint8Array(claimantOf.length)
  // By school and class with own seats, none of them first: the best claim refused. Behind it no seat is left for the class.
  const bars = ownSeats.map((own) => new Int32Array(own.length + 1).fill(claimantOf.length))
  const before: number[][] = plans.map(() => [])
  let moving: Iterable<number> = held.keys()
  for (;;) {
    const arrived = claimNext(moving)
    if (arrived.size === 0) return held
    const losers: number[] = []
    for (const [school, claims] of arrived) before[school] = keepBest(school, merged(before[school]!, claims.sort((a, b) => a - b)), losers)
    moving = losers
  }

  function claimNext(all: Iterable<number>): Map<number, number[]> {
    const arrived = new Map<number, number[]>()
    for (const claimant of all) {
      const end = firstChoice[claimant + 1]!
      let choice = next[claimant]!
      while (choice < end && isRefusedAtOnce(choices[choice]!)) choice += 1
      if (choice === end) continue
      const claim = choices[choice]!
      held[claimant] = claim
      next[claimant] = choice + 1
      const others = arrived.get(schoolOf[claim]!)
      if (others) others.push(claim)
      else arrived.set(schoolOf[claim]!, [claim])
    }
    return arrived
  }

  function isRefusedAtOnce(claim: number): boolean {
    return passedOver[claim] === 1 || claim > bars[schoolOf[claim]!]![ownClassOf[claim]! - NONE]!
  }

  /** @returns the claims that stay before the school: those kept, and refused units, which still stand before others */
  function keepBest(school: number, claims: number[], losers: number[]): number[] {
    if (ownSeats[school]!.length === 0) return keepFirst(school, claims, losers)
    const seats = new SeatCount(market, school, claims)
    return claims.filter((claim) => {
      if (refused[claim] === 0 && suffices(market, claim, seats.inReach(claim))) {
        seats.take(claim)
        return true
      }
      seats.refuse(claim)
      if (refused[claim] === 0) refuse(school, claim, losers)
      return sizeOf[claim]! > 1
    })
  }

  /** The same at a school without own seats: from the first claim that finds too few, all are refused. */
  function keepFirst(school: number, claims: number[], losers: number[]): number[] {
    let left = plans[school]!
    const end = claims.findIndex((claim) => {
      if (!suffices(market, claim, left)) return true
      left -= sizeOf[claim]!
      return false
    })
    if (end < 0) return claims
    for (let at = end; at < claims.length; at += 1) refuse(school, claims[at]!, losers)
    return claims.slice(0, end)
  }

  function refuse(school: number, claim: number, losers: number[]): void {
    const ofClass = ownClassOf[claim]! - NONE
    bars[school]![ofClass] = Math.min(bars[school]![ofClass]!, claim)
    refused[claim] = 1
    held[claimantOf[claim]!] = NONE
    losers.push(claimantOf[claim]!)
  }
}

/** Two sorted lists as one. */
function merged(some: readonly number[], others: readonly number[]): number[] {
  const all: number[] = []
  let at = 0
  for (const one of some) {
    while (at < others.length && others[at]! < one) all.push(others[at++]!)
    all.push(one)
  }
  while (at < others.length) all.push(others[at++]!)
  return all
}
