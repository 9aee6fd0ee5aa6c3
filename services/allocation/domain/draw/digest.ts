import { sha256Hex, canonicalJson } from '../../../../platform/crypto.js'

/** SHA-256 (hex) of a value's canonical JSON. */
export const digestOf = (value: unknown): string => sha256Hex(canonicalJson(value))

/** The hash of a step: the digest of it without its member `hash`. */
export const stepHash = ({ hash: _hash, ...step }: { hash: string }): string => digestOf(step)
