import type { EnrollmentEvent } from '../contracts/enrollment.js'
import type { EventName } from '../contracts/events/types.js'
import type { ChildFact, SeatedWay } from '../contracts/facts.js'
import type { ChildId, PhaseId, SchoolId, SeasonId, ServiceName } from '../contracts/ids.js'
import type { PhaseClose } from '../contracts/workflows.js'
import type { Timeline } from '../policies/timeline.js'

/** Which child of which season. */
export interface OfChild {
  season: SeasonId
  child: ChildId
}
/** Which phase of which season, at the service that owns it. */
export interface OfPhase {
  season: SeasonId
  phase: PhaseId
}
/** Which run of a round's draw, from 1. */
export interface OfRun extends OfPhase {
  run: number
}
/** And which supplement of it: 0 until the first publication. */
export interface OfSupplement extends OfRun {
  supplement: number
}
/** `child/command/aggregateRevision`; the service answers a repeated command with its first answer. */
export interface Keyed {
  key: string
}

/** An owner's answer about a child in one of its phases; `closesAt` in ms. */
export type AskedOutcome = { state: 'open'; closesAt: number } | { state: 'closed'; facts: ChildFact[] }

/** What a child's workflow asks and commands. Workflows know activities by these types alone. */
export interface EnrollmentActivities {
  /** Throws while the owner has no answer yet; then it is asked again. */
  askOutcome(ask: OfChild & { phase: PhaseId; owner: ServiceName }): Promise<AskedOutcome>
  publishEnrollment(message: { name: EventName<'enrollment'>; event: EnrollmentEvent; at: number }): Promise<void>
  openCase(command: OfChild & Keyed & { phase: PhaseId; facts: ChildFact[] }): Promise<void>
  issuePaper(command: OfChild & Keyed & {
    phase: PhaseId
    paper: 'place-notice' | 'admission-letter' | 'result' | 'arrangement' | 'reminder'
    school?: SchoolId
    exchanges: boolean
  }): Promise<void>
  release(command: OfChild & Keyed): Promise<ChildFact>
  arrange(command: OfChild & Keyed & { phase: PhaseId; school: SchoolId; way?: SeatedWay | undefined; officer: string; reason: string }): Promise<ChildFact>
}

export interface RoundActivities {
  freezeRound(round: OfRun & { expects: PhaseClose[]; officer?: string }): Promise<{ listHash?: string }>
  commitRound(round: OfRun): Promise<void>
  /** `again` if too few witnesses have revealed: the draw begins again with the next run. */
  revealRound(round: OfRun): Promise<{ again: boolean }>
  drawRound(round: OfSupplement): Promise<void>
  /** The groups that are held back. */
  checkRound(round: OfSupplement): Promise<{ held: string[] }>
  /** In place of draw and check where a round proposes. */
  proposeRound(round: OfRun): Promise<void>
  /** The last batch closes the round's phase. */
  publishRound(round: OfRun & { limit: number }): Promise<{ published: number; left: number }>
  /** What the run gave is taken back, unless something of it is public or a later round counts on it. */
  voidRound(round: OfRun & { officers: string[]; reason: string }): Promise<void>
}

/** What an owner said when it was asked to close a phase; `closesAt` in ms. */
export type ClosedPhase = { state: 'closed'; close: PhaseClose; closedAt: number } | { state: 'open'; closesAt: number }

/** The season's children by the status they ended with, as far as the server's index has it. */
export interface ClosingReport {
  children: number
  ends: Record<string, number>
}

export interface SeasonActivities {
  installSeason(season: { season: SeasonId; service: ServiceName; timeline: Timeline }): Promise<void>
  publishOpened(season: { season: SeasonId; timeline: Timeline; at: number }): Promise<void>
  closePhase(phase: OfPhase & { owner: ServiceName }): Promise<ClosedPhase>
  publishVacancies(phase: OfPhase): Promise<void>
  extendPhase(phase: OfPhase & { owner: ServiceName; closesAt: number }): Promise<{ closesAt: number }>
  publishExtended(extension: OfPhase & { closesAt: number; officer: string; reason: string; at: number }): Promise<void>
  publishPhaseClosed(close: OfPhase & { closesAt: number; closedAt: number; count: number; digest: string }): Promise<void>
  /** Throws while workflows of children are still running; then it looks again. */
  awaitEnrollments(season: { season: SeasonId }): Promise<ClosingReport>
  closeSeason(season: { season: SeasonId; service: ServiceName }): Promise<void>
  publishClosed(season: { season: SeasonId; at: number; report: ClosingReport }): Promise<void>
}
