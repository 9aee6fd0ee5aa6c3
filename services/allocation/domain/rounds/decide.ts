import type { ChildId, SchoolId, UnitId } from '../../../../contracts/ids.js'
import type { ResidualReason } from '../../../../contracts/residual.js'
import type { Reason, ResultFile, RoundFile } from '../../../../contracts/rounds.js'
import { allocate } from './engine/allocate.js'
import { checkResult } from './engine/check.js'
import { readRound } from './engine/read.js'
import { ticketOf } from './ticket.js'

/** A result that must be held back: it breaks a property of docs/rounds.md, or the round itself has faults. */
export class UnsoundRound extends Error {
  constructor(
    readonly round: string,
    /** Each with its property, or its place in the round. */
    readonly wrong: readonly { what: string }[],
  ) {
    super(`${round} has no result that may be stored: ${wrong.length} things are wrong`)
  }
}

/**
 * Decides a round and checks the result before anybody sees it.
 * @throws UnsoundRound
 */
export function decideRound(input: RoundFile): ResultFile {
  const { round, faults } = readRound(input)
  if (faults) throw new UnsoundRound(input.id, faults.map(({ at, message }) => ({ what: `${at}: ${message}` })))
  const result = allocate(round)
  const violations = checkResult(round, result)
  if (violations.length > 0) throw new UnsoundRound(input.id, violations)
  return result
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
