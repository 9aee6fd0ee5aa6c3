import { acceptDeferred } from './acceptance.js'
import { fillFreeSeats } from './free-seats.js'
import type { Held, Market } from './market.js'
import { visitWishes } from './wishes.js'

/**
 * Decides a round. Where units are skipped, deferred acceptance runs again until it agrees with itself: a unit that
 * finds seats at a school, but too few, is passed over there in the next run, and no longer if it then would find
 * enough. In one order or by choice, without classes, it always comes to agree. Where schools differ
 * there may be nothing to agree on: once the units passed over are the same as in an earlier run, none gets its
 * choice back any more, and seats that stay free so are filled in the end.
 */
export function decide(market: Market): Held {
  const passedOver = new Uint8Array(market.claimantOf.length)
  const skipsUnits = market.overflow === 'skip' && market.sizeOf.some((size) => size > 1)
  const seen = new Set<string>()
  for (let givesBack = true; ; ) {
    const held = acceptDeferred(market, passedOver)
    if (!skipsUnits) return held
    const known = claimsIn(passedOver)
    if (seen.has(known)) givesBack = false
    seen.add(known)
    if (reconsider(market, held, passedOver, givesBack)) continue
    if (!givesBack) fillFreeSeats(market, held)
    return held
  }
}

function claimsIn(passedOver: Uint8Array): string {
  const claims: number[] = []
  for (let claim = passedOver.indexOf(1); claim >= 0; claim = passedOver.indexOf(1, claim + 1)) claims.push(claim)
  return claims.join()
}

/** @returns whether anything changed */
function reconsider(market: Market, held: Held, passedOver: Uint8Array, givesBack: boolean): boolean {
  const { sizeOf, plans } = market
  const change = new Map<number, 0 | 1>()
  for (const school of plans.keys()) {
    const changesBefore = change.size
    let barred: number | undefined
    visitWishes(market, held, school, (claim, inReach) => {
      const size = sizeOf[claim]!
      if (size === 1) return
      if (passedOver[claim] === 1) {
        if (givesBack && inReach >= size) change.set(claim, 0)
      } else if (inReach >= size) barred = claim
      else if (inReach > 0) change.set(claim, 1)
    })
    // Units of classes with own seats may bar each other, though any one of them would fit: the weakest claim gives way.
    if (barred !== undefined && change.size === changesBefore) change.set(barred, 1)
  }
  for (const [claim, isPassedOver] of change) passedOver[claim] = isPassedOver
  return change.size > 0
}
