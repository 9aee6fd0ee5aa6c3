import type { UnitOverflow } from '../../../../../contracts/rounds.js'

/**
 * A round in integers. A *claimant* is what asks for seats as one: a unit, or under `split` each of its members. A
 * *claim* is a claimant's wish for one school. Claims are numbered school by school, those to a school from the best to
 * the weakest: so of two the lower is the better one, and what a school looks at lies together in memory.
 */
export interface Market {
  overflow: UnitOverflow
  /** Seats, by school. */
  plans: number[]
  /** Seats of their own, by school and class that has some. */
  ownSeats: number[][]
  /** By school, where its claims begin; they end where the next one's begin. */
  firstClaim: Int32Array
  /** By claim. */
  claimantOf: Int32Array
  schoolOf: Int32Array
  /** By claim, 0 for the claimant's first choice. */
  choiceOf: Int32Array
  /** By claim, the children of its claimant. */
  sizeOf: Int32Array
  /** By claim, the claimant's class at the school if it has seats of its own, else {@link NONE}. */
  ownClassOf: Int32Array
  /** The claims of one claimant after the other, in order of choice. */
  choices: Int32Array
  /** By claimant, where its claims begin in `choices`. */
  firstChoice: Int32Array
}

export const NONE = -1

/** The claim that each claimant holds, or {@link NONE}. */
export type Held = Int32Array

/** Whether a claimant would rather have this claim than what it holds. */
export function isWish({ claimantOf, choiceOf }: Market, held: Held, claim: number): boolean {
  const has = held[claimantOf[claim]!]!
  return has === NONE || choiceOf[claim]! < choiceOf[has]!
}
