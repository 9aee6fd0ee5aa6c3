import type { z } from 'zod'
import type { SEATED_WAYS } from '../../contracts/facts.js'
import type { address } from '../../contracts/http/registration.js'
import type { Plans } from '../../infra/simulators/authority.js'
import type { FactValue, PhaseId, RoundId } from '../../policies/language.js'

/** Answers of a form by fact. */
export type Answers = Record<string, FactValue | z.input<typeof address>>

/** How a family files a form. */
export interface Filing {
  answers: Answers
  /** What it says first, where it amends the form afterwards. */
  first?: Answers
  /** It files only if this round leaves it without a seat. */
  ifLost?: RoundId
}

/** The schools a family names, in order. */
export interface Choice {
  schools: string[]
  /** It chooses only if this round leaves it without a seat. */
  ifLost?: RoundId
}

/** What a reviewer makes of a family's papers. */
export interface Papers {
  outcome: 'approved' | 'refused'
  /** Of a refusal. */
  reason?: string
  /** What they show, by fact. */
  findings?: Record<string, FactValue>
}

/** What a family and the offices it meets do, phase by phase; no service knows any of it. */
export interface Script {
  /** By registration phase; at a desk its staff enter the form. */
  forms: Record<PhaseId, Filing>
  /** By choice phase. */
  choices: Record<PhaseId, Choice>
  /** What each authority answers about the child. */
  authorities: Plans[string]
  /** By review phase, in order unless said; `none` if it never brings any. */
  papers: Record<PhaseId, Papers> | 'none'
  confirms: boolean
  /** Where it checks in when it holds a seat at a school it applied to. */
  comes: 'where-admitted' | 'to-zoned-school' | 'nowhere-if-admitted' | 'nowhere'
  /** How the desk of disabled children settles it. */
  way?: (typeof SEATED_WAYS)[number] | 'deferral'
  /** It leaves the city in the middle of the season. */
  leaves: boolean
  /** Its circumstances need a person. */
  flagged: boolean
  twins?: 'together' | 'undone'
}
