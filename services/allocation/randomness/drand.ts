import { z } from 'zod'
import type { DrandReveal, DrandSource } from '../../../contracts/draw.js'
import { isSigned, randomnessOf } from '../domain/draw/beacon.js'
import { DRAND_CHAINS, firstRoundAfter, type DrandChain } from '../domain/draw/chains.js'
import { drandName } from '../domain/draw/reveals.js'
import { RandomnessNotYet, RandomnessUntrue, type RandomnessSource } from '../domain/draw/source.js'

/** Relays of drand to which anyone may go; docs.drand.love/developer. */
export const PUBLIC_RELAYS = ['https://api.drand.sh', 'https://api2.drand.sh', 'https://drand.cloudflare.com'] as const

export interface DrandOptions {
  network: keyof typeof DRAND_CHAINS
  /** Base addresses, asked one after the other. @default PUBLIC_RELAYS */
  relays?: readonly string[]
  /** For each relay. @default 5_000 */
  timeoutMs?: number
}

/** `/{chain}/public/{round}` of a relay; what else it says is not needed. */
const answer = z.object({ round: z.number(), signature: z.string(), previous_signature: z.string().optional() })

/**
 * The first round of a drand network after the reveal as a source of randomness. A relay is not trusted: its answer
 * counts if the network has signed it.
 */
export function drandSource({ network, relays = PUBLIC_RELAYS, timeoutMs = 5_000 }: DrandOptions): RandomnessSource {
  const chain = DRAND_CHAINS[network]
  return {
    kind: 'drand',
    name: drandName(network),
    commit: async (_, revealBy) => ({ kind: 'drand', chain: chain.chain, publicKey: chain.publicKey, scheme: chain.scheme, round: firstRoundAfter(chain, revealBy) }),
    reveal: async ({ sources }) => {
      const source = sources.find((one) => one.kind === 'drand' && one.chain === chain.chain)
      if (source?.kind !== 'drand') throw new Error(`The commit names no round of ${network}`)
      return revealOf(source, { chain, relays, timeoutMs })
    },
  }
}

async function revealOf({ round }: DrandSource, { chain, relays, timeoutMs }: { chain: DrandChain; relays: readonly string[]; timeoutMs: number }): Promise<DrandReveal> {
  const failures: Error[] = []
  for (const relay of relays) {
    try {
      return await askRelay(relay, { chain, round, timeoutMs })
    } catch (error) {
      if (!(error instanceof RandomnessNotYet || error instanceof RandomnessUntrue)) throw error
      failures.push(error)
    }
  }
  const isUntrue = failures.length > 0 && failures.every((failure) => failure instanceof RandomnessUntrue)
  const message = `Round ${round} of ${chain.chain}: ${failures.map((failure) => failure.message).join('; ')}`
  throw isUntrue ? new RandomnessUntrue(message) : new RandomnessNotYet(message)
}

async function askRelay(relay: string, { chain, round, timeoutMs }: { chain: DrandChain; round: number; timeoutMs: number }): Promise<DrandReveal> {
  const body = await fetchJson(new URL(`${chain.chain}/public/${round}`, `${relay}/`), timeoutMs)
  const { data: said } = answer.safeParse(body)
  if (!said) throw new RandomnessUntrue(`${relay} does not answer in the form of drand`)
  const { signature, previous_signature: previousSignature } = said
  const beacon = { round, signature, ...(previousSignature !== undefined && chain.scheme === 'pedersen-bls-chained' && { previousSignature }) }
  if (said.round !== round || !isSigned(chain, beacon)) throw new RandomnessUntrue(`${relay} has another round, or one that the network has not signed`)
  return { kind: 'drand', ...beacon, randomness: randomnessOf(signature) }
}

async function fetchJson(url: URL, timeoutMs: number): Promise<unknown> {
  try {
    const response = await fetch(url, { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(timeoutMs) })
    if (!response.ok) throw new RandomnessNotYet(`${url.origin} answers ${response.status}`)
    return await response.json()
  } catch (error) {
    if (error instanceof RandomnessNotYet) throw error
    if (error instanceof SyntaxError) throw new RandomnessUntrue(`${url.origin} does not answer in JSON`, { cause: error })
    throw new RandomnessNotYet(`${url.origin} cannot be reached`, { cause: error })
  }
}
