import type { SchoolId, UnitId } from './ids.js'

/** The files of a round, as `ruxue allocate` reads and writes them; `docs/rounds.md` says what they mean. */
export const ROUND_FORMAT = 'ruxue.round.v1'
export const RESULT_FORMAT = 'ruxue.result.v1'

/** How claims to a school are weighed; all three are decided by deferred acceptance. */
export const MECHANISMS = ['serial', 'deferred', 'immediate'] as const
export type Mechanism = (typeof MECHANISMS)[number]

/** What happens to a unit for which the last seats do not suffice. */
export const UNIT_OVERFLOWS = ['admit', 'skip', 'split'] as const
export type UnitOverflow = (typeof UNIT_OVERFLOWS)[number]

/** Where a round does not say. */
export const DEFAULT_OVERFLOW: UnitOverflow = 'skip'
/** The order of schools that have none of their own. */
export const DEFAULT_ORDER = 'default'
/** The key by which the members of a unit are told apart: when each was registered. */
export const REGISTERED_KEY = 'registeredAt'

export const DIRECTIONS = ['asc', 'desc'] as const
export type Direction = (typeof DIRECTIONS)[number]
/** Dates as `YYYY-MM-DD`, so that text order is their order. */
export type KeyValue = number | string
export type ApplicantId = string

export interface RoundClass {
  id: string
  /** Seats the class has of its own; without, it comes before later classes and the rest on every seat. */
  seats?: number | undefined
}

export interface RoundSchool {
  id: SchoolId
  /** Seats to give. */
  plan: number
  classes?: RoundClass[] | undefined
}

export interface RoundApplicant {
  id: ApplicantId
  /** Schools in order of preference. */
  choices: SchoolId[]
  class?: string | undefined
  unit?: UnitId | undefined
  keys?: Record<string, KeyValue> | undefined
}

export type ClaimOrder =
  | { kind: 'lottery' }
  | { kind: 'listed'; ids: ApplicantId[] }
  | { kind: 'ranked'; by: { key: string; direction: Direction }[] }

export interface RoundFile {
  format: typeof ROUND_FORMAT
  id: string
  mechanism: Mechanism
  schools: RoundSchool[]
  applicants: RoundApplicant[]
  /** By school, or `default`. */
  orders: Record<string, ClaimOrder>
  unitOverflow?: UnitOverflow | undefined
  /** Hex. */
  seed?: string | undefined
}

/** Why an applicant has this place, or none. */
export const REASONS = {
  'everyone-fits': 'Everyone who wanted a place at this school has one; nobody was refused.',
  'own-seat': 'It is a seat kept for the class of the applicant.',
  'better-claim': 'More wanted this school than it has seats; this claim came before those refused.',
  'over-plan': 'It is a place over plan, because the last seats did not suffice for the unit.',
  'moved-up': 'It became free when another child waived.',
  'no-school': 'No school was chosen.',
  'no-seat': 'At every school chosen, the seats went to better claims.',
  'unit-too-large': 'A school chosen had seats left when it was the turn of the unit, but not for all of it.',
  waived: 'The place was given back.',
} as const
export type Reason = keyof typeof REASONS

export interface Assignment {
  applicant: ApplicantId
  school: SchoolId | null
  /** 1 for the first choice. */
  choice: number | null
  reason: Reason
}

export interface ResultFile {
  format: typeof RESULT_FORMAT
  round: string
  /** `sha256:` and the hex digest of the round in its canonical form. */
  inputDigest: string
  /** In order of the applicants' ids. */
  assignments: Assignment[]
  /** By school: who would rather be there, the best claim first. */
  reserves: Record<SchoolId, ApplicantId[]>
}
