import type { ChildId, DistrictId, GuardianId, PhaseId, SchoolId, SeasonId, UnitId, ZoneId } from './ids.js'

/** Addresses are opaque tokens, dates `YYYY-MM-DD`, percent and numbers as numbers. */
export type FactValue = string | number | boolean

export const AGGREGATES = ['roster', 'registration', 'case', 'choice', 'place', 'withdrawal'] as const
/**
 * What a fact is about. `roster` the bureau's list, `registration` a form (id = form id), `case` a check or
 * review (id = phase id), `choice` schools chosen (id = phase id), `place` seats and round outcomes (id =
 * `place`), `withdrawal` leaving the city.
 */
export type Aggregate = (typeof AGGREGATES)[number]

/** Ways of a desk in which a disabled child has a seat: in an ordinary class, or taught at home on a school's roll. */
export const SEATED_WAYS = ['inclusive-class', 'home-teaching'] as const
export type SeatedWay = (typeof SEATED_WAYS)[number]

export interface Seat {
  /** The round that gave it, or `arrangement`. */
  basis: PhaseId
  school: SchoolId
  /** Only of a desk's seat, where the desk decided on a way. */
  way?: SeatedWay
}

/** Why a child leaves a season before its end. */
export const WITHDRAWAL_REASONS = ['moved-away', 'other-city', 'died', 'private-abroad', 'duplicate'] as const
export type WithdrawalReason = (typeof WITHDRAWAL_REASONS)[number]

/**
 * A full snapshot of what one aggregate knows about a child, as far as the policy can read it. Identified by
 * (aggregate, id, revision): the highest revision wins, so order across topics and redelivery are harmless.
 * Holds no personal data.
 */
export interface ChildFact {
  season: SeasonId
  child: ChildId
  aggregate: Aggregate
  id: string
  revision: number
  /** Values this aggregate states; a review's findings and an authority's answers are stated by `case`. */
  facts?: Record<string, FactValue>
  /** Only `case`: facts of which it says that there is no value; what the family declared counts no more. */
  none?: string[]
  /** Outcomes this aggregate states: positive ones as they happen; negative ones only after the close. */
  outcomes?: Record<PhaseId, string>
  /** Only `case`: needed rules that were unmet when the review refused the child. */
  unmet?: string[]
  /** Only `place`: all seats of the child. */
  seats?: { held: Seat[]; taken?: Seat }
  /** Only `roster`: who may act for the child, and where it belongs. */
  guardian?: GuardianId
  district?: DistrictId
  /** Only `registration`: the zone of each address fact, the twins' unit, the registration number. */
  zones?: Record<string, ZoneId | null>
  unit?: { id: UnitId; members: ChildId[] }
  number?: string
  /** Only `registration`: when the form was first filed, ISO 8601 in UTC. */
  registeredAt?: string
  /** Only `registration`: true once the window closed and nothing changes any more. */
  frozen?: boolean
  /** Only `choice`: the schools in order. */
  schools?: SchoolId[]
  /** Only `withdrawal`. */
  reason?: WithdrawalReason
}
