import type { ChildId, SchoolId, UnitId } from '../../../../contracts/ids.js'
import type { ResidualReason } from '../../../../contracts/residual.js'
import type { Reason, ResultFile, RoundFile } from '../../../../contracts/rounds.js'
import { checkResult } from './engine/check.js'
import { readRound } from './engine/read.js'
import { ticketOf } from './ticket.js'

/** What is wrong with a round or its result, by the properties of docs/rounds.md; empty if it may be published. */
export function wrongWith(input: RoundFile, result: ResultFile): { what: string }[] {
  const { round, faults } = readRound(input)
  return faults ? faults.map(({ at, message }) => ({ what: `${at}: ${message}` })) : checkResult(round, result)
}

/** What a round came to for one child. */
export interface ChildResult {
  child: ChildId
  unit: UnitId
  /** The unit's ticket, hex. */
  ticket: string
  outcome: 'admitted' | 'not-admitted'
  school: SchoolId | null
  reason: Reason | ResidualReason
}

/** The results of a round child by child, in order of their ids. */
export function childResults({ applicants, seed = '' }: RoundFile, { assignments }: ResultFile): ChildResult[] {
  const unitOf = new Map(applicants.map(({ id, unit }) => [id, unit ?? id]))
  return assignments.map(({ applicant, school, reason }) => {
    const unit = unitOf.get(applicant)!
    return { child: applicant, unit, ticket: ticketOf(seed, unit), outcome: school === null ? 'not-admitted' : 'admitted', school, reason }
  })
}
