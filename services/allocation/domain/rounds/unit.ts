import type { ChildId, SchoolId, UnitId } from '../../../../contracts/ids.js'
import type { Keys } from './order.js'

/** What a round treats as one: a single child, or twins who asked for it. */
export interface RoundUnit {
  unit: UnitId
  /** Sorted. */
  members: ChildId[]
  /** The schools that may take the unit, in order of preference; empty if there is none, and in a residual round, where any may. */
  schools: SchoolId[]
  /**
   * By member: what the policy's order asks, in a residual round the location if it is known; and of twins when each was
   * registered, where the policy admits or splits them at the last seat.
   */
  keys?: Record<ChildId, Keys>
}

/** Why twins do not take part as one. */
export type DissolvedReason = 'member-not-eligible' | 'different-schools'

/** Twins who asked to be treated as one and are not, in this round. */
export interface DissolvedUnit {
  unit: UnitId
  members: ChildId[]
  reason: DissolvedReason
}
