import type { ChildId, DistrictId, PhaseId, SchoolId, SeasonId } from './ids.js'
import type { Seat, WithdrawalReason } from './facts.js'

export const STATUSES = [
  'listed', 'registered', 'approved', 'refused', 'placed', 'enrolled', 'awaiting-arrangement', 'arranged', 'ended',
] as const
/**
 * Where a child stands, for search, screens and events. `placed` holds a seat, `enrolled` has taken one at
 * check-in, `arranged` has one from the desk, `ended` left without a seat for a recorded reason.
 */
export type EnrollmentStatus = (typeof STATUSES)[number]

export const ROUTES = ['direct', 'named', 'catchment', 'ranked', 'lottery', 'residual'] as const
/** The method of the round that gave the seat. */
export type Route = (typeof ROUTES)[number]

/**
 * How a child's season ended: with a seat it took, one from the desk, or without one for a reason. A disabled child
 * may learn in an ordinary class, be taught at home on the roll of a school, or start school a year later.
 */
export type EndState =
  | { kind: 'enrolled'; route: Route; round: PhaseId; school: SchoolId }
  | { kind: 'arranged'; phase: PhaseId; school: SchoolId }
  | { kind: 'inclusive-class'; phase: PhaseId; school: SchoolId }
  | { kind: 'home-teaching'; phase: PhaseId; school: SchoolId }
  | { kind: 'deferral'; phase: PhaseId; reason: string }
  | { kind: 'withdrawn'; reason: WithdrawalReason }
  | { kind: 'ended'; phase: PhaseId; reason: string }

/** Reasons of ends that no person and no closing phase gave. */
export const END_REASONS = { noSeat: 'season-closed-without-seat', notTakenUp: 'seat-not-taken-up' } as const

/** What the desk or a closing phase ended a child with; its season goes on without it. */
export interface Ended {
  phase: PhaseId
  reason: string
  way?: 'deferral'
}

/** An open case on the arrangement desk. */
export interface ArrangementCase {
  phase: PhaseId
  /** The outcome that brought the child here, or the officer who flagged it. */
  cause: { outcome: string; of: PhaseId } | { flaggedBy: string; reason: string } | { noSeat: true }
  openedAt: number
}

/** What the query `getEnrollment` answers. Instants are ms since the epoch. */
export interface EnrollmentView {
  season: SeasonId
  child: ChildId
  district?: DistrictId
  status: EnrollmentStatus
  policy: { id: string; version: number; hash: string }
  outcomes: Record<PhaseId, string>
  seats: { held: Seat[]; taken?: Seat }
  /** The next deadline that matters to this child. */
  next?: { phase: PhaseId; boundary: 'opens' | 'closes' | 'publishes'; at: number }
  arrangement?: ArrangementCase
  flags: { by: string; reason: string; at: number }[]
  end?: EndState
}

/** Data of `cn.ruxue.enrollment.*` events; the key is the child. */
export interface EnrollmentEvent {
  season: SeasonId
  child: ChildId
  district?: DistrictId
  status: EnrollmentStatus
  /** Grows by one with each visible change of this child. */
  sequence: number
  arrangement?: ArrangementCase
  /** From the decision on; `end` says it again when the season closes. */
  ended?: Ended
  end?: EndState
}
