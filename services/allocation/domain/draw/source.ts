import type { CommitStep, DrandReveal, DrawSource, FreezeStep, WitnessReveal } from '../../../../contracts/draw.js'

/** What a source shows at the reveal; when it was handed in is written down here. */
export type Revealed = Omit<WitnessReveal, 'at'> | DrandReveal

/** Where randomness of a draw comes from: a witness, or drand. Asked again, each gives the same answer. */
export interface RandomnessSource {
  kind: DrawSource['kind']
  /** A witness's name, or drand's network. */
  name: string
  /**
   * What the commit is to name, for this freeze.
   * @param revealBy no draw can be influenced any more after this instant
   * @throws RandomnessNotYet, RandomnessUntrue
   */
  commit(freeze: FreezeStep, revealBy: string): Promise<DrawSource>
  /**
   * What it reveals for a commit that names it.
   * @throws RandomnessNotYet, RandomnessUntrue
   */
  reveal(commit: CommitStep): Promise<Revealed>
}

/** Whoever is asked does not answer with the randomness yet, or cannot be reached. */
export class RandomnessNotYet extends Error {
  override readonly name = 'RandomnessNotYet'
}

/** Whoever answers does not tell the truth: what came is not of this source. */
export class RandomnessUntrue extends Error {
  override readonly name = 'RandomnessUntrue'
}
