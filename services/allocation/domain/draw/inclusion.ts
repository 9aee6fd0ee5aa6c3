import type { DrawTranscript } from '../../../../contracts/draw.js'
import { canonicalList } from './list.js'
import { inclusionPath } from './merkle.js'

/** That an applicant's unit stands in a frozen list, to be checked by the root and the count alone. */
export interface Inclusion {
  draw: string
  run: number
  /** Hash of the freeze. */
  freeze: string
  group: string
  unit: string
  line: string
  leaf: string
  /** From 0. */
  index: number
  count: number
  path: string[]
  root: string
}

/** @returns undefined if the applicant is in no group */
export function inclusionOf({ groups, freeze }: DrawTranscript, applicant: string): Inclusion | undefined {
  const at = groups.findIndex(({ round }) => round.applicants.some(({ id }) => id === applicant))
  const group = groups[at]
  if (!group) return undefined
  const { applicants } = group.round
  const lines = canonicalList(group.round)
  const index = lines.findIndex((line) => line.applicants.some((member) => applicants[member]!.id === applicant))
  const leaves = group.entries.map(({ leaf }) => leaf)
  const { count, root } = freeze.groups[at]!
  return {
    draw: freeze.draw, run: freeze.run, freeze: freeze.hash, group: group.round.id,
    unit: lines[index]!.unit, line: lines[index]!.line, leaf: leaves[index]!, index, count, path: inclusionPath(leaves, index), root,
  }
}
