import type { DrawTranscript } from '../../../../../contracts/draw.js'
import type { Assignment } from '../../../../../contracts/rounds.js'
import { canonicalList } from '../list.js'
import { inclusionPath } from '../merkle.js'

/** What a transcript says about a unit in a group, with the proof that it is in the frozen list. */
export interface UnitInDraw {
  group: string
  unit: string
  line: string
  /** From 0. */
  index: number
  count: number
  path: string[]
  root: string
  /** There from the draw on; the rank is 1 for the best. */
  ticket?: { ticket: string; rank: number }
  /** There if the group's result is. */
  places?: { assignment: Assignment; waiting: { school: string; rank: number; all: number }[] }[]
}

/**
 * Finds a unit, or the unit of an applicant, in every group.
 * @param transcript one that agrees
 */
export function findUnit({ groups, freeze }: DrawTranscript, name: string): UnitInDraw[] {
  return groups.flatMap(({ round, entries, result }, group): UnitInDraw[] => {
    const { lines } = canonicalList(round)
    const index = lines.findIndex(({ unit, applicants }) => unit === name || applicants.some((applicant) => round.applicants[applicant]!.id === name))
    if (index < 0) return []
    const { unit, line, applicants } = lines[index]!
    const { ticket } = entries[index]!
    const members = new Set(applicants.map((applicant) => round.applicants[applicant]!.id))
    return [{
      group: round.id, unit, line, index, count: lines.length, path: inclusionPath(entries.map(({ leaf }) => leaf), index), root: freeze.groups[group]!.root,
      ...(ticket !== undefined && { ticket: { ticket, rank: 1 + entries.filter((other) => other.ticket! < ticket).length } }),
      ...(result && {
        places: result.assignments.filter(({ applicant }) => members.has(applicant)).map((assignment) => ({
          assignment,
          waiting: Object.entries(result.reserves).flatMap(([school, reserves]) => {
            const rank = reserves.indexOf(assignment.applicant) + 1
            return rank === 0 ? [] : [{ school, rank, all: reserves.length }]
          }),
        })),
      }),
    }]
  })
}
