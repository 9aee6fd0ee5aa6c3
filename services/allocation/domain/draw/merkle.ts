import { hash } from 'node:crypto'

/**
 * The Merkle tree of RFC 6962: leaves and nodes have different prefixes, and an odd node goes up as it is. Hashes go
 * in and out as hex.
 */
const LEAF = '\0'
const NODE = 1
const BYTES = 32
const PAIR = 2 * BYTES

/** The leaf of a line. */
export const leafOf = (line: string): string => hash('sha256', LEAF + line)

/** The root over leaves. */
export function rootOf(leaves: readonly string[]): string {
  if (leaves.length === 0) return hash('sha256', '')
  return levelsOf(leaves).at(-1)!.toString('hex')
}

/** For each leaf the hashes beside its way to the root, the nearest to the leaf first. */
export function pathsOf(leaves: readonly string[]): (index: number) => string[] {
  const levels = levelsOf(leaves)
  return (index) =>
    levels.flatMap((level, height) => {
      const beside = ((index >> height) ^ 1) * BYTES
      return beside < level.length ? [level.toString('hex', beside, beside + BYTES)] : []
    })
}

export const inclusionPath = (leaves: readonly string[], index: number): string[] => pathsOf(leaves)(index)

/** Whether a path leads from a leaf to the root of so many leaves (RFC 9162, 2.1.3.2). */
export function isIncluded({ leaf, index, count, path, root }: { leaf: string; index: number; count: number; path: readonly string[]; root: string }): boolean {
  if (index >= count) return false
  let [first, last, found] = [index, count - 1, leaf]
  for (const beside of path) {
    if (last === 0) return false
    if (first % 2 === 1 || first === last) {
      found = nodeOf(beside + found)
      while (first % 2 === 0 && first !== 0) [first, last] = [half(first), half(last)]
    } else found = nodeOf(found + beside)
    ;[first, last] = [half(first), half(last)]
  }
  return last === 0 && found === root
}

const half = (count: number): number => Math.floor(count / 2)

function nodeOf(pair: string): string {
  const data = Buffer.alloc(1 + PAIR, NODE)
  data.write(pair, 1, 'hex')
  return hash('sha256', data)
}

/** All levels of the tree, leaves first. */
function levelsOf(leaves: readonly string[]): Buffer[] {
  const levels: Buffer[] = [Buffer.from(leaves.join(''), 'hex')]
  while (levels.at(-1)!.length > BYTES) levels.push(levelAbove(levels.at(-1)!))
  return levels
}

function levelAbove(level: Buffer): Buffer {
  const above = Buffer.alloc(Math.ceil(level.length / PAIR) * BYTES)
  const data = Buffer.alloc(1 + PAIR, NODE)
  let to = 0
  let from = 0
  for (; from + PAIR <= level.length; from += PAIR, to += BYTES) {
    level.copy(data, 1, from, from + PAIR)
    above.set(hash('sha256', data, 'buffer'), to)
  }
  level.copy(above, to, from)
  return above
}
