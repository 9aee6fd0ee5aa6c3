import type { ArrangementCase, EndState, Ended, EnrollmentEvent, EnrollmentStatus } from '../../contracts/enrollment.js'
import type { EventName } from '../../contracts/events/types.js'
import type { ChildFact } from '../../contracts/facts.js'
import type { DistrictId, PhaseId, SchoolId } from '../../contracts/ids.js'
import type { Outcome } from '../../policies/language.js'

/** All a child's workflow remembers; plain JSON, carried over by continue-as-new. Instants are ms. */
export interface EnrollmentState {
  /** The newest of each (aggregate, id). */
  facts: readonly ChildFact[]
  /** Outcomes nobody else states: silence at a close, a paper issued, an end from the desk, a closing. */
  outcomes: Readonly<Record<PhaseId, Outcome>>
  /** Phases whose owner said that it closed them. */
  closed: readonly PhaseId[]
  /** Closings that were moved, as their owner says. */
  closesAt: Readonly<Record<PhaseId, number>>
  /** The phase whose owner is being asked; one at a time, in calendar order. */
  asking?: PhaseId
  /** Commands given once: `case/…`, `paper/…`, `release`. */
  given: readonly string[]
  flags: readonly { by: string; reason: string; at: number }[]
  arrangement?: ArrangementCase
  /** What the desk or a closing phase ended the child with. */
  ended?: Ended
  /** What the world was last told. */
  shown: { status: EnrollmentStatus; district?: DistrictId; desk?: PhaseId }
  /** Events published so far. */
  sequence: number
  end?: EndState
}

/** What an owner answers when it is asked for a child's outcome of a phase. */
export type OutcomeAnswer = { state: 'open'; closesAt: number } | { state: 'closed'; facts: ChildFact[] }

/** What can happen to a child; `at` is the workflow's time in ms. */
export type Trigger = { at: number } & (
  | { kind: 'fact'; fact: ChildFact }
  | { kind: 'boundary' }
  | { kind: 'asked'; phase: PhaseId; answer: OutcomeAnswer }
  /** Facts have said what was being asked. */
  | { kind: 'answered' }
  | { kind: 'flagged'; by: string; reason: string }
  | { kind: 'issued'; phase: PhaseId }
  | { kind: 'released'; fact?: ChildFact }
  | { kind: 'ended-by-desk'; reason: string; way?: 'deferral' | undefined }
)

/** Kinds of papers a child's workflow has issued. */
export type PaperKind = 'place-notice' | 'admission-letter' | 'result' | 'arrangement' | 'reminder'

/** What the shell is to do. */
export type Command =
  | { kind: 'ask'; phase: PhaseId }
  | { kind: 'open-case'; phase: PhaseId; facts: ChildFact[]; revision: number }
  | { kind: 'issue-paper'; phase: PhaseId; paper: PaperKind; school?: SchoolId; exchanges: boolean; revision: number }
  | { kind: 'release'; revision: number }
  | { kind: 'publish'; name: EventName<'enrollment'>; event: EnrollmentEvent }
  | { kind: 'show'; status: EnrollmentStatus; district?: DistrictId }

export interface Reaction {
  state: EnrollmentState
  commands: Command[]
}

/** A child that has just come onto the list. */
export const begin = (district?: DistrictId): EnrollmentState => ({
  facts: [],
  outcomes: {},
  closed: [],
  closesAt: {},
  given: [],
  flags: [],
  shown: { status: 'listed', ...(district ? { district } : {}) },
  sequence: 0,
})

/** The revision up to which an aggregate is known; 0 before its first fact. */
export const revisionOf = ({ facts }: EnrollmentState, aggregate: ChildFact['aggregate']): number =>
  Math.max(0, ...facts.filter((fact) => fact.aggregate === aggregate).map(({ revision }) => revision))
