import { canonicalJson, linesHash } from '../../../../platform/crypto.js'
import type { RoundUnit } from './unit.js'

/** Text order by code unit, the same on every machine. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * The frozen list in its canonical form: units in order of their ids. Two lists of the same units are equal.
 */
export function canonicalList(units: Iterable<RoundUnit>): RoundUnit[] {
  return [...units].map((unit) => ({ ...unit, members: [...unit.members].sort(byText) })).sort((a, b) => byText(a.unit, b.unit))
}

/**
 * SHA-256 (hex) of the canonical list, one canonical JSON array `[unit, members, schools]` a line, with the keys by
 * member as a fourth entry where the policy puts the round in an order. So anyone can compute it again from the
 * record.
 */
export const listHash = (list: readonly RoundUnit[]): string =>
  linesHash(list.map(({ unit, members, schools, keys }) => canonicalJson([unit, members, schools, ...(keys ? [keys] : [])])))
