import type { UnitOverflow } from '../../../../../contracts/rounds.js'

/**
 * A round in integers. A *claimant* is what asks for seats as one: a unit, or under `split` each of its members. A
 * *claim* is a claimant's wish for one school; a claimant's claims follow each other in order of choice.
 */
export interface Market {
  overflow: UnitOverflow
  /** Seats, by school. */
  plans: number[]
  /** Seats of their own, by school and class that has some. */
  ownSeats: number[][]
  /** Children, by claimant. */
  sizes: Int32Array
  /** A claimant's first claim; its claims end where the next one's begin. */
  firstClaim: Int32Array
  /** By claim. */
  claimantOf: Int32Array
  schoolOf: Int32Array
  /** By claim, its place in the school's order, 0 for the best. */
  placeOf: Int32Array
  /** By claim, the claimant's class at the school if it has seats of its own, else {@link NONE}. */
  ownClassOf: Int32Array
  /** By school, the claims to it, the best first. */
  queues: Int32Array[]
}

export const NONE = -1

/** The claim that each claimant holds, or {@link NONE}. */
export type Held = Int32Array

/** Whether a claimant would rather have this claim than what it holds. */
export function isWish({ claimantOf }: Market, held: Held, claim: number): boolean {
  const has = held[claimantOf[claim]!]!
  return has === NONE || claim < has
}
