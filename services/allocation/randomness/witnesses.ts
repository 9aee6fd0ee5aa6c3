import { randomBytes } from 'node:crypto'
import type { DrawSource, RevealPart } from '../../../contracts/draw.js'
import { commitmentOf } from '../domain/draw/witness.js'
import type { Announced, RandomnessSource } from '../domain/draw/source.js'

/** Somebody who has chosen a secret and keeps it until the reveal. */
export interface Witness {
  name: string
  /** The commitment for a freeze. */
  commit(freeze: string): Promise<string>
  /** The secret and when it was handed in; nothing if it was not. */
  reveal(): Promise<{ secret: string; at: string } | undefined>
}

/**
 * Named witnesses as a source of randomness; needs no network. Whoever has not handed in, or too late, or something that
 * does not give the commitment, is absent.
 */
export function witnessSource(witnesses: readonly Witness[]): RandomnessSource {
  return {
    commit: async ({ freeze }) => Promise.all(witnesses.map(async ({ name, commit }): Promise<DrawSource> => ({ kind: 'witness', name, commitment: await commit(freeze) }))),
    reveal: async (sources, announced) => Promise.all(sources.map((source) => revealOf(witnesses, source, announced))),
  }
}

async function revealOf(witnesses: readonly Witness[], source: DrawSource, { freeze, revealBy }: Announced): Promise<RevealPart> {
  if (source.kind !== 'witness') throw new Error(`${source.kind} is no witness`)
  const { name, commitment } = source
  const handedIn = await witnesses.find((witness) => witness.name === name)?.reveal()
  if (!handedIn || handedIn.at > revealBy || commitmentOf(freeze, name, handedIn.secret) !== commitment) return { kind: 'witness', name, absent: true }
  return { kind: 'witness', name, ...handedIn }
}

/**
 * A witness within this process, for installations and rehearsals without others. Its secret is random and told to
 * nobody before the reveal; but whoever runs the platform could know it.
 * @param now the time, as an ISO instant
 */
export function localWitness(name: string, now: () => string): Witness {
  const secret = randomBytes(32).toString('hex')
  return {
    name,
    commit: async (freeze) => commitmentOf(freeze, name, secret),
    reveal: async () => ({ secret, at: now() }),
  }
}
