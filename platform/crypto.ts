import { createHash, createHmac } from 'node:crypto'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
const ID_LENGTH = 25

/** What an opaque id names: `c` a child, `g` a guardian, `u` a unit of twins, `a` an address. */
export type IdKind = 'c' | 'g' | 'u' | 'a'

/** SHA-256 in lower-case hexadecimal. */
export const sha256Hex = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')

/** Characters handed to a hash at once: handing over each line costs more than hashing it. */
const AT_ONCE = 65_536

/** SHA-256 in lower-case hexadecimal of lines, each ended by a line feed. */
export function linesHash(lines: Iterable<string>): string {
  const hash = createHash('sha256')
  let some = ''
  for (const line of lines) {
    some += `${line}\n`
    if (some.length < AT_ONCE) continue
    hash.update(some)
    some = ''
  }
  return hash.update(some).digest('hex')
}

/** Lower-case base 32 (RFC 4648 alphabet, no padding), cut to `length` characters. */
export function base32(bytes: Uint8Array, length: number): string {
  let text = ''
  let buffer = 0
  let bits = 0
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff
    bits += 8
    while (bits >= 5 && text.length < length) {
      bits -= 5
      text += ALPHABET[(buffer >> bits) & 31]
    }
  }
  return text
}

/**
 * The opaque id of something, the same for the same parts and key, and without the key neither guessable nor
 * reversible. 125 bits of HMAC-SHA256.
 * @param key the platform's id key (`RUXUE_ID_KEY`)
 * @param parts what identifies it, e.g. season and ID number
 */
export function opaqueId(kind: IdKind, key: string, ...parts: string[]): string {
  const mac = createHmac('sha256', key).update(JSON.stringify([kind, ...parts])).digest()
  return kind + base32(mac, ID_LENGTH)
}

/** An address as one comparable text: full-width forms folded, spaces and punctuation dropped, lower case. */
export const normaliseAddress = (address: string): string =>
  address.normalize('NFKC').toLowerCase().replace(/[\s\p{P}]/gu, '')

/** The opaque token of an address: equal for two spellings of the same address, and says nothing about it. */
export const addressToken = (key: string, address: string): string =>
  opaqueId('a', key, normaliseAddress(address))

/** JSON with sorted keys and without undefined members (RFC 8785), so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  // What stands in order already is written by the engine, several times as fast.
  if (isInOrder(value)) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  let members = ''
  for (const key of Object.keys(value).sort()) {
    const member: unknown = value[key as keyof typeof value]
    if (member !== undefined) members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`
  }
  return `{${members}}`
}

function isInOrder(value: unknown): value is string | number | boolean | null | undefined {
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isInOrder)
  let last = ''
  for (const key in value) {
    if (key < last || !isInOrder(value[key as keyof typeof value])) return false
    last = key
  }
  return true
}
