import type { ChildId, SchoolId, UnitId } from '../../../../contracts/ids.js'

/** What a round treats as one: a single child, or twins who asked for it. */
export interface RoundUnit {
  unit: UnitId
  /** Sorted. */
  members: ChildId[]
  /** The schools that may take the unit, in order of preference; empty if there is none. */
  schools: SchoolId[]
}

export const DISSOLVED_REASONS = ['member-not-eligible', 'different-schools'] as const
/** Why twins do not take part as one. */
export type DissolvedReason = (typeof DISSOLVED_REASONS)[number]

/** Twins who asked to be treated as one and are not, in this round. */
export interface DissolvedUnit {
  unit: UnitId
  members: ChildId[]
  reason: DissolvedReason
}
