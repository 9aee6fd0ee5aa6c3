import type { DrawTranscript } from '../../../../contracts/draw.js'
import { canonicalList } from './list.js'
import { pathsOf } from './merkle.js'

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

/** Finds the proof of any applicant of a frozen list; undefined for whoever is on none. The lists are gone through once. */
export function inclusionsOf({ groups, freeze }: Pick<DrawTranscript, 'groups' | 'freeze'>): (applicant: string) => Inclusion | undefined {
  const places = new Map<string, () => Inclusion>()
  for (const [at, { round: { id: group, applicants }, entries }] of groups.entries()) {
    const { count, root } = freeze.groups[at]!
    const { lines } = canonicalList({ applicants })
    const pathOf = pathsOf(entries.map(({ leaf }) => leaf))
    for (const [index, { unit, line, applicants: members }] of lines.entries()) {
      const inclusion = (): Inclusion => ({
        draw: freeze.draw, run: freeze.run, freeze: freeze.hash, group, unit, line, leaf: entries[index]!.leaf, index, count, path: pathOf(index), root,
      })
      for (const member of members) places.set(applicants[member]!.id, inclusion)
    }
  }
  return (applicant) => places.get(applicant)?.()
}
