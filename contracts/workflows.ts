import type { EnrollmentView } from './enrollment.js'
import type { ChildFact, SeatedWay } from './facts.js'
import type { ChildId, PhaseId, SchoolId, SeasonId, ServiceName } from './ids.js'

/** Task queues; a worker process serves one or several. */
export const TASK_QUEUES = { enrollment: 'enrollment', round: 'round', season: 'season' } as const

export const enrollmentWorkflowId = (season: SeasonId, child: ChildId) => `enrollment/${season}/${child}`
export const roundWorkflowId = (season: SeasonId, phase: PhaseId) => `round/${season}/${phase}`
export const seasonWorkflowId = (season: SeasonId) => `season/${season}`

/** Search attributes, all keywords. */
export const SEARCH_ATTRIBUTES = { season: 'Season', status: 'EnrollmentStatus', district: 'District' } as const

/** Names of the workflow types and of their messages, so that clients need no workflow code. */
export const WORKFLOWS = { enrollment: 'enrollment', round: 'round', season: 'season' } as const
export const SIGNALS = { fact: 'fact', flagForArrangement: 'flagForArrangement', roundStage: 'roundStage' } as const
export const UPDATES = { arrange: 'arrange', extendPhase: 'extendPhase', approve: 'approve', recheck: 'recheck', void: 'void', restart: 'restart' } as const
export const QUERIES = { getEnrollment: 'getEnrollment', getRound: 'getRound', getSeason: 'getSeason' } as const

/**
 * Technical times, never compressed with a calendar. All in ms.
 */
export interface Technical {
  /** After a close, before the owner may close the phase; above the request and statement timeouts. */
  drainMs: number
  /** Further wait before a child's workflow asks for an outcome that usually comes to it as an event. */
  graceMs: number
  /** How long a child waits for the event of a published round before it asks for its result; none in seasons of before. */
  resultGraceMs?: number
  /** Largest deterministic spread of boundaries that do not face a person. */
  spreadMs: number
  /** Outcomes published at once, and the pause between two such batches. */
  publishBatch: number
  publishPauseMs: number
}

/** Input of the enrollment workflow. The timeline is carried by value and never read again. */
export interface EnrollmentInput<Timeline> {
  season: SeasonId
  child: ChildId
  timeline: Timeline
  technical: Technical
  /** Events after which the workflow continues as new, even if the server does not suggest it yet. */
  continueAfterEvents?: number
  /** Set after continue-as-new. */
  resume?: unknown
}

export interface SeasonInput<Timeline> {
  season: SeasonId
  timeline: Timeline
  technical: Technical
}

export interface RoundInput {
  season: SeasonId
  phase: PhaseId
  at: number
  publishAt: number
  technical: Technical
  /** It proposes places near home in place of a draw. */
  proposes?: true
  /** Two officers approve before anything is published. */
  approval?: 'four-eyes'
  /** What the owners of the phases this round reads said at their closes. */
  expects: PhaseClose[]
}

/** What an owner says when it closed a phase. */
export interface PhaseClose {
  phase: PhaseId
  count: number
  digest: string
}

/** Signal `fact`: one event of another's making. */
export type FactSignal = ChildFact

/** Signal `flagForArrangement`. */
export interface FlagSignal {
  by: string
  reason: string
}

/** Update `arrange` of an enrollment: the desk's decision, in one of its ways if it names one. */
export interface ArrangeRequest {
  officer: string
  reason: string
  decision: { place: SchoolId; way?: SeatedWay | undefined } | { end: string; way?: 'deferral' | undefined }
}
export interface ArrangeAnswer {
  status: EnrollmentView['status']
  school?: SchoolId
}

/** Update `extendPhase` of a season. */
export interface ExtendRequest {
  phase: PhaseId
  /** ms since the epoch */
  closesAt: number
  officer: string
  reason: string
}
export interface ExtendAnswer {
  phase: PhaseId
  closesAt: number
}

/** Update `approve` of a round: an officer lets it be published. */
export interface ApproveRequest {
  officer: string
}
export interface ApproveAnswer {
  /** Who has approved, in order. */
  approvedBy: string[]
}

/** Update `recheck` of a round: the fault is mended for which groups are held back. */
export interface RecheckRequest {
  officer: string
}
export interface RecheckAnswer {
  /** Its number, from 1. */
  supplement: number
}

/** Update `void` of a round: an officer wants the run to be void, because its plans are wrong. */
export interface VoidRequest {
  officer: string
  reason: string
}
export interface VoidAnswer {
  run: number
  /** Who has asked for it, in order. */
  askedBy: string[]
  /** True with the second officer. */
  void: boolean
}

/** Update `restart` of a round: after a run that is void the plans are right, and the next one begins. */
export interface RestartRequest {
  officer: string
}
export interface RestartAnswer {
  /** The run that begins. */
  run: number
}

/** The round is decided for later ones from `approving` on; in `approving` and `void` it waits for officers. */
export const ROUND_STAGES = [
  'waiting', 'freezing', 'committing', 'revealing', 'deciding', 'checking', 'approving', 'embargoed', 'publishing', 'published', 'void',
] as const
export type RoundStage = (typeof ROUND_STAGES)[number]
export interface RoundView {
  phase: PhaseId
  stage: RoundStage
  run?: number
  listHash?: string
  /** How often groups that were held back have been checked again. */
  supplement?: number
  /** Groups that the last check has held back. */
  held?: string[]
  approvedBy?: string[]
  /** Officers who want the run to be void, in order. */
  voidAskedBy?: string[]
}

/** Signal `roundStage`: a round tells its season how far it is. */
export type RoundStageSignal = RoundView

export interface SeasonView {
  season: SeasonId
  policy: { id: string; version: number; hash: string }
  phases: { phase: PhaseId; owner: ServiceName | 'workflow'; opensAt: number; closesAt: number; closed?: PhaseClose }[]
  rounds: RoundView[]
  closed: boolean
}

/** Types of the failures a workflow answers with; stable, for clients. */
export const FAILURES = {
  seasonClosed: 'season-closed',
  noOpenCase: 'no-open-case',
  schoolFull: 'school-full',
  unknownSchool: 'unknown-school',
  alreadySeated: 'already-seated',
  wayNotOffered: 'way-not-offered',
  extensionRefused: 'extension-refused',
  unknownPhase: 'unknown-phase',
  invalidInput: 'invalid-input',
  roundConflict: 'round-conflict',
  timedOut: 'timed-out',
} as const
