import type { RevealPart } from '../../../../contracts/draw.js'
import { linesHash } from '../../../../platform/crypto.js'

/** What the seed of a group comes from. */
export interface SeedParts {
  group: string
  /** Hash of the group's canonical list. */
  list: string
  /** Hash of the commit. */
  commit: string
  parts: readonly RevealPart[]
}

/** The seed of a group: 32 bytes in hex. */
export const seedOf = ({ group, list, commit, parts }: SeedParts): string =>
  linesHash(['ruxue.draw.v1 seed', group, list, commit, ...parts.map(seedLine)])

function seedLine(part: RevealPart): string {
  if (part.kind === 'drand') return `drand ${part.randomness}`
  return 'absent' in part ? 'witness absent' : `witness ${part.secret}`
}
