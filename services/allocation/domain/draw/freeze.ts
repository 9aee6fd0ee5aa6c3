import type { DrawEntry, DrawRound, FrozenGroup } from '../../../../contracts/draw.js'
import { linesHash } from '../../../../platform/crypto.js'
import { digestOf } from './digest.js'
import { canonicalList, type UnitLine } from './list.js'
import { leafOf, rootOf } from './merkle.js'

/** What the freeze publishes of a group, and the lines it comes from. */
export interface Frozen {
  lines: UnitLine[]
  /** The canonical JSON of each applicant, in their order. */
  texts: string[]
  entries: DrawEntry[]
  group: FrozenGroup
}

/** @param round its schools and applicants in order of their ids */
export function freezeGroup(round: DrawRound): Frozen {
  const { schools, applicants: _, ...setting } = round
  const { lines, texts } = canonicalList(round)
  const entries = lines.map(({ unit, line }) => ({ unit, leaf: leafOf(line) }))
  const group: FrozenGroup = {
    id: round.id,
    count: lines.length,
    list: linesHash(lines.map(({ line }) => line)),
    root: rootOf(entries.map(({ leaf }) => leaf)),
    schools: digestOf(schools),
    setting: digestOf(setting),
  }
  return { lines, texts, entries, group }
}
