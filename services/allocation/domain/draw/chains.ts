/** A network of drand that a draw may name. */
export interface DrandChain {
  chain: string
  scheme: 'pedersen-bls-chained' | 'bls-unchained-g1-rfc9380'
  publicKey: string
  /** Seconds since 1970. */
  genesis: number
  /** Seconds. */
  period: number
}

/**
 * The two networks of the League of Entropy, as github.com/drand/drand-client has them in `lib/defaults.ts`. No other
 * one counts: whoever holds the key of a network of their own knows its rounds beforehand.
 */
export const DRAND_CHAINS = {
  default: {
    chain: '8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce',
    scheme: 'pedersen-bls-chained',
    publicKey: '868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31',
    genesis: 1_595_431_050,
    period: 30,
  },
  quicknet: {
    chain: '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971',
    scheme: 'bls-unchained-g1-rfc9380',
    publicKey:
      '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a',
    genesis: 1_692_803_367,
    period: 3,
  },
} as const satisfies Record<string, DrandChain>

export const chainOf = (hash: string): DrandChain | undefined => Object.values<DrandChain>(DRAND_CHAINS).find(({ chain }) => chain === hash)

/** The instant at which a round comes. */
export const roundInstant = ({ genesis, period }: DrandChain, round: number): string => new Date((genesis + (round - 1) * period) * 1_000).toISOString()

/** The first round that comes after an instant. */
export const firstRoundAfter = ({ genesis, period }: DrandChain, instant: string): number => Math.floor((Date.parse(instant) / 1_000 - genesis) / period) + 2
