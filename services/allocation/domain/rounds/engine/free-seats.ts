import { NONE, type Held, type Market } from './market.js'
import { SeatCount, suffices } from './seats.js'
import { holdersOf, visitWishes } from './wishes.js'

/** A claimant that left one claim, or {@link NONE}, for a better one. */
export interface Step {
  claimant: number
  from: number
  to: number
}

/**
 * Gives free seats to those who would rather have them, and the seats they leave to others, until no free seat is
 * wanted. Nobody loses a seat. Every school offers its free seats at once, in the order of claims, and whoever gets
 * several offers takes its earliest choice; so the order of schools changes nothing.
 * @param held changed by the steps
 * @returns what happened, each time all steps that happened at once
 */
export function fillFreeSeats(market: Market, held: Held): Step[][] {
  const { schoolOf, plans } = market
  const history: Step[][] = []
  let open = new Set(plans.keys())
  for (;;) {
    const offered = new Map<number, number>()
    const offering = new Map<number, number[]>()
    for (const school of open) {
      const claims = offersOf(market, held, school)
      offering.set(school, claims)
      for (const claim of claims) keepEarliestChoice(market, offered, claim)
    }
    if (offered.size === 0) return history
    const steps = [...offered].map(([claimant, to]): Step => ({ claimant, from: held[claimant]!, to }))
    for (const { claimant, to } of steps) held[claimant] = to
    history.push(steps)
    const left = steps.flatMap(({ from }) => (from === NONE ? [] : [schoolOf[from]!]))
    const declined = [...offering].filter(([, claims]) => claims.some((claim) => held[market.claimantOf[claim]!] !== claim)).map(([school]) => school)
    open = new Set([...left, ...declined])
  }
}

function keepEarliestChoice({ claimantOf, choiceOf }: Market, offered: Map<number, number>, claim: number): void {
  const other = offered.get(claimantOf[claim]!)
  if (other === undefined || choiceOf[claim]! < choiceOf[other]!) offered.set(claimantOf[claim]!, claim)
}

/** The wishes that the free seats of a school are offered to. */
function offersOf(market: Market, held: Held, school: number): number[] {
  const { left, own } = freeAt(market, held, school)
  if (left <= 0) return []
  const wishes: number[] = []
  visitWishes(market, held, school, (claim) => wishes.push(claim))
  const offers = offerInOrder(market, school, wishes, own, left)
  const { sizeOf } = market
  // Units passed over may have kept seats from each other; what is left goes to those for whom it suffices.
  let unwanted = offers.reduce((seats, claim) => seats - sizeOf[claim]!, left)
  for (const claim of wishes) {
    if (unwanted < sizeOf[claim]! || offers.includes(claim)) continue
    offers.push(claim)
    unwanted -= sizeOf[claim]!
  }
  return offers
}

/**
 * Offers seats in the order of claims, own seats first to their class. The first unit that finds seats, but too few,
 * is passed over and the seats counted anew.
 */
function offerInOrder(market: Market, school: number, wishes: readonly number[], own: readonly number[], left: number): number[] {
  const offers: number[] = []
  const seats = new SeatCount(market, school, wishes, own, left)
  const tooLarge = wishes.find((claim) => {
    const inReach = seats.inReach(claim)
    if (!suffices(market, claim, inReach)) return inReach > 0
    seats.take(claim)
    offers.push(claim)
    return false
  })
  return tooLarge === undefined ? offers : offerInOrder(market, school, wishes.filter((claim) => claim !== tooLarge), own, left)
}

/** The seats that are free at a school, and of the classes' own seats those that their members have not taken. */
function freeAt(market: Market, held: Held, school: number): { left: number; own: number[] } {
  const { sizeOf, ownClassOf } = market
  const own = [...market.ownSeats[school]!]
  let left = market.plans[school]!
  for (const claim of holdersOf(market, held, school)) {
    const size = sizeOf[claim]!
    left -= size
    if (ownClassOf[claim] !== NONE) own[ownClassOf[claim]!] = Math.max(0, own[ownClassOf[claim]!]! - size)
  }
  return { left, own }
}
