import { createHash } from 'node:crypto'

/** Seeded chance: the same seed and labels always give the same number in [0, 1). */
export const chance = (seed: number, ...labels: (string | number)[]): number =>
  createHash('sha256').update([seed, ...labels].join('|')).digest().readUIntBE(0, 6) / 2 ** 48

/** One of `list`, by seeded chance. @throws RangeError on an empty list */
export function pick<T>(list: readonly T[], seed: number, ...labels: (string | number)[]): T {
  const chosen = list[Math.floor(chance(seed, ...labels) * list.length)]
  if (chosen === undefined) throw new RangeError('nothing to pick from')
  return chosen
}

/** A copy of `list` in an order decided by seeded chance. */
export const shuffled = <T>(list: readonly T[], seed: number, label: string): T[] =>
  list
    .map((item, index) => ({ item, key: chance(seed, label, index) }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
