import { createHash } from 'node:crypto'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import type { DrandReveal } from '../../../../contracts/draw.js'
import type { DrandChain } from './chains.js'

type Beacon = Pick<DrandReveal, 'round' | 'signature' | 'previousSignature'>

/** How each scheme of drand signs; docs/draw.md says the same in words. */
const SCHEMES = {
  'pedersen-bls-chained': {
    curve: bls12_381.longSignatures,
    tag: 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_',
    message: ({ round, previousSignature = '' }: Beacon) => sha256(Buffer.from(previousSignature, 'hex'), eightBytes(round)),
  },
  'bls-unchained-g1-rfc9380': {
    curve: bls12_381.shortSignatures,
    tag: 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_',
    message: ({ round }: Beacon) => sha256(eightBytes(round)),
  },
} as const

/** Whether a network has signed this round. Bytes that are no point of the curve are no signature. */
export function isSigned({ scheme, publicKey }: Pick<DrandChain, 'scheme' | 'publicKey'>, beacon: Beacon): boolean {
  const { curve, tag, message } = SCHEMES[scheme]
  try {
    return curve.verify(Buffer.from(beacon.signature, 'hex'), curve.hash(message(beacon), tag) as never, Buffer.from(publicKey, 'hex'))
  } catch {
    return false
  }
}

/** The randomness of a round: SHA-256 of its signature, hex. */
export const randomnessOf = (signature: string): string => sha256(Buffer.from(signature, 'hex')).toString('hex')

function eightBytes(round: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(round))
  return bytes
}

function sha256(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}
