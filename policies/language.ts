/**
 * The policy language: what a season's rules are made of, as plain types and constants.
 * Workflow code imports this file, so it holds no library and no Node built-in.
 */
import type { FactValue } from '../contracts/facts.js'
import type { UnitOverflow } from '../contracts/rounds.js'

export type PolicyId = string
export type PhaseId = string
/** A phase of kind `round`. */
export type RoundId = PhaseId
export type FactId = string
export type RuleId = string
export type FormId = string
export type GroupId = string
export type PlaceId = string
export type ReasonId = string
/** Calendar day `YYYY-MM-DD`. */
export type Day = string
/** Local time `YYYY-MM-DD` or `YYYY-MM-DD HH:MM` in the policy's timezone; `24:00` is the end of the day. */
export type When = string

export const PHASE_KINDS = [
  'registration', 'choice', 'check', 'review', 'round', 'notice',
  'result', 'publication', 'confirmation', 'check-in', 'arrangement', 'closing',
] as const
export type PhaseKind = (typeof PHASE_KINDS)[number]

/**
 * The outcomes a phase can have for one child. `live` ones exist as soon as somebody acted; the one
 * `atClose` is what silence becomes when the owner closes the phase, and never exists before; a round states it.
 */
export const OUTCOMES = {
  registration: { live: ['filed'], atClose: 'missed' },
  choice: { live: ['chosen'], atClose: 'missed' },
  check: { live: ['answered'], atClose: 'silent' },
  review: { live: ['approved', 'refused'], atClose: 'undecided' },
  round: { live: ['admitted'], atClose: 'not-admitted' },
  notice: { live: ['issued'], atClose: undefined },
  result: { live: ['shown'], atClose: undefined },
  publication: { live: ['published'], atClose: undefined },
  confirmation: { live: ['confirmed'], atClose: 'missed' },
  'check-in': { live: ['present'], atClose: 'missed' },
  arrangement: { live: ['placed', 'ended'], atClose: 'overdue' },
  closing: { live: ['closed'], atClose: undefined },
} as const satisfies Record<PhaseKind, { live: readonly string[]; atClose: string | undefined }>

export type OutcomeOf<K extends PhaseKind> =
  | (typeof OUTCOMES)[K]['live'][number]
  | Exclude<(typeof OUTCOMES)[K]['atClose'], undefined>
export type Outcome = { [K in PhaseKind]: OutcomeOf<K> }[PhaseKind]

/** Outcomes whose effect a policy must write down, `nothing` included. An arrangement without `overdue` ends every case. */
export const MANDATORY_EFFECTS = {
  registration: ['missed'],
  choice: ['missed'],
  check: ['silent'],
  review: ['refused', 'undecided'],
  round: ['not-admitted'],
  notice: [],
  result: [],
  publication: [],
  confirmation: ['missed'],
  'check-in': ['missed'],
  arrangement: [],
  closing: [],
} as const satisfies Record<PhaseKind, readonly Outcome[]>

/** The service whose row is the truth of a phase's window. */
export const OWNERS = {
  registration: 'registration',
  choice: 'allocation',
  check: 'verification',
  review: 'verification',
  round: 'allocation',
  notice: 'notification',
  result: 'allocation',
  publication: 'allocation',
  confirmation: 'allocation',
  'check-in': 'allocation',
  arrangement: 'allocation',
  closing: 'workflow',
} as const satisfies Record<PhaseKind, string>
export type Owner = (typeof OWNERS)[PhaseKind]

/** Kinds of phases whose window people use; a compressed calendar keeps a workable minimum for each. */
export const PEOPLE_KINDS: readonly PhaseKind[] = [
  'registration', 'choice', 'check', 'review', 'confirmation', 'check-in', 'arrangement', 'result',
]

/** What a desk can do for a disabled child besides a seat like any other; each is an end of its own. */
export const WAYS = ['inclusive-class', 'home-teaching', 'deferral'] as const
export type Way = (typeof WAYS)[number]
export const ROUND_METHODS = ['direct', 'named', 'catchment', 'ranked', 'lottery', 'residual'] as const
export type RoundMethod = (typeof ROUND_METHODS)[number]
export const REVIEWERS = ['school', 'district', 'office'] as const
export type Reviewer = (typeof REVIEWERS)[number]
export const PARTIES = ['school', 'district', 'city', 'office', 'department', 'unit'] as const
export type Party = (typeof PARTIES)[number]
export const FACT_TYPES = ['yes-no', 'date', 'percent', 'number', 'address', 'place', 'school', 'one-of'] as const
export type FactTypeName = (typeof FACT_TYPES)[number]
export const SEAT_STATES = ['none', 'held', 'taken'] as const
export type SeatState = (typeof SEAT_STATES)[number]
export const RULE_VERDICTS = ['met', 'unmet', 'unknown'] as const
export type RuleVerdict = (typeof RULE_VERDICTS)[number]

export type { FactValue }

export interface FactType {
  type: FactTypeName
  /** What people call it; the header of its column in a roster. */
  label?: string
  /** Values of a `one-of`, and what people call each. */
  of?: string[]
  labels?: Record<string, string>
  /** Known without anybody being asked. */
  from?: 'roster' | 'season'
  /** A number that is the sum of other numbers. */
  sum?: FactId[]
  /** A number that is counted by a table. */
  table?: PointTable
}

export type FactTest =
  | { is: FactValue[] }
  | { atLeast?: number; above?: number }
  /** `by` includes the day, `after` does not. */
  | { by?: Day; after?: Day }
  | { in: PlaceId }

/** A condition with its names resolved. Three-valued: only `true` passes, unknown is never a yes. */
export type Cond =
  | { op: 'all'; of: Cond[] }
  | { op: 'any'; of: Cond[] }
  | { op: 'not'; of: Cond }
  | { op: 'same'; facts: FactId[] }
  | { op: 'fact'; fact: FactId; test: FactTest }
  | { op: 'rule'; rule: RuleId; is: RuleVerdict[] }
  | { op: 'form'; form: FormId; is: 'filed' | 'missed' }
  | { op: 'outcome'; phase: PhaseId; is: Outcome[] }
  | { op: 'seat'; is: SeatState[] }
  /** An attribute of the school in question, without its `school.` prefix. */
  | { op: 'school'; attribute: string; test: FactTest }

/** Whom a phase asks; `sent`: only those some `then` names. */
export type Who = 'everyone' | 'sent' | Cond

export interface Effect {
  /** These phases ask the child no more. */
  bars?: PhaseId[]
  /** That phase asks the child too. */
  then?: PhaseId
  /** Seats held or taken from these rounds are given back. */
  releases?: RoundId[]
}

/** Where a rule comes from, and how we read it. */
export interface Said {
  source?: string
  reading?: string
  /** Not in the notice: ours until the bureau says otherwise. */
  assumed?: true
}

export interface Rule extends Said {
  needs: Cond
  /** The rule in the notice's own words. */
  says: string
}

/** A row of a table of points, for one fact: so many for each unit of a number, for a yes, or for a value of a one-of. */
export type PointRow = { fact: FactId; says: string } & (
  | { each: number; atMost?: number }
  | { points: number | Record<string, number> })

/** How a fact is counted from others: the sum of its rows, up to a cap. */
export interface PointTable extends Said {
  says: string
  rows: PointRow[]
  atMost?: number
}

interface Choosing {
  among: GroupId[]
  choose: number
  offered?: 'all' | 'seats-left'
}

export interface RegistrationTerms extends Partial<Choosing> {
  kind: 'registration'
  form: FormId
  amend: 'until-close' | 'never'
  asks: FactId[]
  brings: string[]
  desk?: string
  signed?: 'guardian'
  once?: 'city'
  number?: 'issued'
  /** Files the same form again, deleting what that phase filed. */
  replaces?: PhaseId
  twins?: 'declared' | 'together'
}

export interface ChoiceTerms extends Choosing {
  kind: 'choice'
  amend: 'until-close' | 'never'
  desk?: string
  twins?: 'declared' | 'together'
}

export interface CheckTerms {
  kind: 'check'
  /** Authorities, as the verification service knows them. */
  by: string[]
  answers: FactId[]
}

export interface ReviewTerms {
  kind: 'review'
  /** Steps, in order. */
  by: Reviewer[]
  /** A gate: a child for whom one of these is unmet cannot be approved. */
  needs: RuleId[]
  /** Recorded, no gate; an approval leaves none of them unknown. */
  judges: RuleId[]
  /** Facts the reviewer may state from the papers. */
  finds: FactId[]
  /** The fact that names the reviewing school; without it the school of the child's zone reviews. */
  school?: FactId
  /** The address in whose zone that school is; without it the address by which rounds place children. */
  address?: FactId
  brings: string[]
  reportedTo?: Party
}

export type RoundOrder = { rule: RuleId } | { fact: FactId; first: 'earliest' | 'highest' }

export interface RoundTerms {
  kind: 'round'
  method: RoundMethod
  /** Groups of schools; always what is left of their seats at this instant. */
  seats: GroupId[]
  order: RoundOrder[]
  /** Rounds whose seat survives an admission here; all other held seats are released. */
  keeps: RoundId[]
  ties?: 'draw'
  /** How a child is settled in a zone with several schools. */
  severalSchools?: 'draw'
  /** The address that decides the zone (catchment). */
  address?: FactId
  /** The fact that names the school whose seat is given (direct). */
  school?: FactId
  /** The address near which a child is placed (residual). */
  near?: FactId
  /** An address; the schools of its zone are not for the child (residual). */
  exceptZoneOf?: FactId
  namedBy?: Party
  runBy?: Party
  twins?: 'declared' | 'together'
  /** What happens to twins for whom the last seats do not suffice; they are passed over if it is not said. */
  lastSeat?: UnitOverflow
  /** Two officers approve the result before anybody sees it. */
  approval?: 'four-eyes'
}

export interface NoticeTerms {
  kind: 'notice'
  paper: string
  of: PhaseId[]
  /** The paper makes the held seat final; there is no check-in. */
  takesUp?: true
}

export interface ResultTerms {
  kind: 'result'
  of: PhaseId[]
  /** What a guardian enters to see the result. */
  key: string[]
}

export interface PublicationTerms {
  kind: 'publication'
  what: 'plan' | 'vacancies' | 'brochure' | 'list'
  /** Groups of schools, or phases. */
  of: string[]
}

export interface ConfirmationTerms {
  kind: 'confirmation'
  of: PhaseId[]
  takesUp?: true
}

export interface CheckInTerms {
  kind: 'check-in'
  of: PhaseId[]
  /** The paper handed in for the admission letter. */
  exchanges?: string
}

export interface ArrangementTerms {
  kind: 'arrangement'
  by: Party
  seats: GroupId[]
  ways: Way[]
  /** Staff file the missing registration first. */
  records?: true
}

export interface ClosingTerms {
  kind: 'closing'
  ends: ReasonId
  /** The reason as a family is told it. */
  says?: string
}

/** What a phase says apart from when, who and effects. */
export type Terms =
  | RegistrationTerms | ChoiceTerms | CheckTerms | ReviewTerms | RoundTerms | NoticeTerms
  | ResultTerms | PublicationTerms | ConfirmationTerms | CheckInTerms | ArrangementTerms | ClosingTerms

export interface PhaseFrame extends Said {
  id: PhaseId
  /** What people call it. */
  label?: string
  who: Who
  /** One of `window` and `at` is there; the kind decides which. */
  window?: [When, When]
  at?: When
  /** The days on which the data of a round change hands before it is decided. */
  handover?: [When, When]
  effects: Partial<Record<Outcome, Effect | 'nothing'>>
}
export type Phase = PhaseFrame & Terms
export type PhaseOf<K extends PhaseKind> = Extract<Phase, { kind: K }>

/** A season's rules as data. Phases are in the notice's order, which is no program counter. */
export interface Policy {
  policy: PolicyId
  version: number
  timezone: string
  /** Mark of the notice the policy was read from. */
  seed?: string
  /** Whom the season owes an end. */
  children: 'everyone' | Cond
  groups: Record<GroupId, Cond>
  places: Record<PlaceId, { label: string; addresses: 'from-registry' }>
  facts: Record<FactId, FactType>
  rules: Record<RuleId, Rule>
  phases: Phase[]
}

/** All outcomes of a kind, the live ones first. */
export function outcomesOf(kind: PhaseKind): readonly Outcome[] {
  const { live, atClose } = OUTCOMES[kind]
  return atClose === undefined ? live : [...live, atClose]
}

/** What silence becomes at the close of a phase of this kind, or undefined if such a phase has no silence. */
export function negativeOutcome(kind: PhaseKind): Outcome | undefined {
  return OUTCOMES[kind].atClose
}

/** True if somebody acted and the child is the better for it: everything but silence, a refusal and an end without a seat. */
export function isPositive(kind: PhaseKind, outcome: string): boolean {
  return isLive(kind, outcome) && outcome !== 'refused' && outcome !== 'ended' && outcome !== 'closed'
}

/** True if the outcome can exist before the phase closes. */
export function isLive(kind: PhaseKind, outcome: string): boolean {
  return (OUTCOMES[kind].live as readonly string[]).includes(outcome)
}
