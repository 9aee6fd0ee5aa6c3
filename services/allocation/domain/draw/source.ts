import type { DrawSource, RevealPart } from '../../../../contracts/draw.js'

/** What a source must know before it commits itself. */
export interface Announced {
  /** The hash of the freeze. */
  freeze: string
  /** No draw can be influenced any more after this instant. */
  revealBy: string
}

/** Where the randomness of a draw comes from. */
export interface RandomnessSource {
  /** What the commit is to name. */
  commit(announced: Announced): Promise<DrawSource[]>
  /**
   * What is to be revealed for the sources of {@link commit}, in their order, once the instant has passed.
   * @throws RandomnessNotYet if there is no answer now and asking again makes sense
   */
  reveal(sources: readonly DrawSource[], announced: Announced): Promise<RevealPart[]>
}

/** Nobody answers with the randomness yet, or nobody can be reached. */
export class RandomnessNotYet extends Error {
  override readonly name = 'RandomnessNotYet'
}

/** Whoever answers does not tell the truth: what came is not of this source. */
export class RandomnessUntrue extends Error {
  override readonly name = 'RandomnessUntrue'
}
