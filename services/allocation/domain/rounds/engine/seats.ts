import { NONE, type Market } from './market.js'

/**
 * Counts a school's seats while claims have their turns, the best first. A claimant whose class has seats of its own
 * takes those first, and open seats for the rest of its children. Own seats that the class does not need are open.
 */
export class SeatCount {
  private readonly ownLeft: number[]
  private readonly askedOfOwn: number[]
  private open: number

  /**
   * @param claims all that have a turn
   * @param own seats of their own, by class
   * @param left seats in all
   */
  constructor(
    private readonly market: Market,
    school: number,
    claims: Iterable<number>,
    private readonly own: readonly number[] = market.ownSeats[school]!,
    private left: number = market.plans[school]!,
  ) {
    this.ownLeft = [...own]
    this.askedOfOwn = own.map(() => 0)
    this.open = left
    if (own.length === 0) return
    for (const claim of claims) {
      const ownClass = market.ownClassOf[claim]!
      if (ownClass !== NONE) this.askedOfOwn[ownClass]! += this.market.sizeOf[claim]!
    }
    for (const [ownClass, seats] of own.entries()) this.open -= Math.min(seats, this.askedOfOwn[ownClass]!)
    this.open = Math.max(0, this.open)
  }

  /** Own seats left for a claim, at most as many as it needs. */
  ownFor(claim: number): number {
    const ownClass = this.market.ownClassOf[claim]!
    return ownClass === NONE ? 0 : Math.min(this.market.sizeOf[claim]!, this.ownLeft[ownClass]!)
  }

  /** Seats, own and open, that a claim could have at this turn. */
  inReach(claim: number): number {
    return Math.min(this.left, this.ownFor(claim) + this.open)
  }

  /** The same for a claim that has no turn, as if it had this one. */
  inReachOfNewcomer(claim: number): number {
    const ownClass = this.market.ownClassOf[claim]!
    if (ownClass === NONE) return this.open
    const unused = Math.max(0, this.own[ownClass]! - this.askedOfOwn[ownClass]!)
    return this.ownFor(claim) + Math.max(0, this.open - Math.min(unused, this.market.sizeOf[claim]!))
  }

  take(claim: number): void {
    const own = this.takeOwn(claim)
    const open = Math.min(this.open, this.market.sizeOf[claim]! - own)
    this.open -= open
    this.left -= own + open
  }

  /** Keeps the own seats of a claim that gets nothing, and gives no open seat to anybody after it. */
  refuse(claim: number): void {
    this.takeOwn(claim)
    this.open = 0
  }

  private takeOwn(claim: number): number {
    const own = this.ownFor(claim)
    if (own > 0) this.ownLeft[this.market.ownClassOf[claim]!]! -= own
    return own
  }
}

/** Whether seats in reach suffice for a claim; with `admit` the last ones always do. */
export function suffices({ overflow, sizeOf }: Market, claim: number, inReach: number): boolean {
  return overflow === 'admit' ? inReach > 0 : inReach >= sizeOf[claim]!
}
