import type { Log } from '../../../platform/log.js'
import { RandomnessNotYet, RandomnessUntrue, type RandomnessSource } from '../domain/draw/source.js'

/** A source's answer; undefined if it has none that counts, which is written down. */
export async function answerOf<R>(log: Log, { name }: RandomnessSource, ask: () => Promise<R>): Promise<R | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof RandomnessNotYet || error instanceof RandomnessUntrue)) throw error
    log.warn({ source: name, cause: error.message }, 'a source of randomness has no answer')
    return undefined
  }
}
