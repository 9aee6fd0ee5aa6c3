import type { PhaseKind, RoundMethod, Way } from '../../../../policies/language.js'
import type { PaperKind, PaperState } from '../paper.js'

/** A phase of the calendar as the language writes it. */
export interface Step {
  kind: PhaseKind
  phase: string
  opens: string
  closes: string
  desk?: string
  brings?: string[]
}

/** Everything a paper's text may say. Personal data that lives only while the text is made. */
export interface PaperContent {
  kind: PaperKind
  number: string
  state: PaperState
  childName: string
  guardianName: string
  schoolName?: string
  /** Instants as the language writes them, in the season's timezone. */
  issuedAt: string
  /** Where the family has something to do. */
  window?: Step
  /** Where a child goes on that was not admitted. */
  next?: Step
  phase: string
  phaseKind: PhaseKind
  method?: RoundMethod
  way?: Way
  reason?: string
  exchangedFor?: string
}

export interface Text {
  subject: string
  text: string
}

/** One language's words for every paper. */
export interface Wording {
  /** Luxon format of an instant, and the locale of its names. */
  instant: { format: string; locale: string }
  phases: Record<PhaseKind, string>
  /** A phase by its kind and by what the policy calls it. */
  labelled: (kind: string, label: string) => string
  /** Reasons of ends that no policy says. */
  reasons: Record<string, string>
  papers: Record<PaperKind, (content: PaperContent) => Text>
  /** One short message that tells of the paper. */
  sms: (content: PaperContent) => string
}

/** Lines of a text; those that do not apply are left out. */
export const lines = (...parts: (string | undefined)[]): string => parts.filter((part) => part !== undefined).join('\n')
