import type { UnitId } from './ids.js'
import type { ResultFile, RoundFile } from './rounds.js'

/** The transcript of a draw, as `ruxue verify` reads it; `docs/draw.md` says what it means. */
export const DRAW_FORMAT = 'ruxue.draw.v1'

/** In the order in which they are done. */
export const DRAW_STEPS = ['freeze', 'commit', 'reveal', 'draw', 'check', 'publish'] as const
export type DrawStepName = (typeof DRAW_STEPS)[number]

/** A round that is still to be drawn: its seed comes from the ceremony. */
export type DrawRound = Omit<RoundFile, 'seed'>

/** A unit of a group, in order of units. */
export interface DrawEntry {
  unit: UnitId
  /** The Merkle leaf of its line. */
  leaf: string
  /** There from the draw on. */
  ticket?: string | undefined
}

/** A round that is frozen, drawn and checked on its own. */
export interface DrawGroup {
  /** Its id names the group; schools and applicants in order of their ids. */
  round: DrawRound
  entries: DrawEntry[]
  /** There from the draw on, and not if the group is held back. */
  result?: ResultFile | undefined
}

export interface DrawStep {
  /** UTC with milliseconds, so that the order of texts is that of instants. */
  at: string
  /** The hash of the step before. */
  previous: string
  /** Of the step without this member. */
  hash: string
}

export interface FrozenGroup {
  id: string
  /** Units. */
  count: number
  /** SHA-256 of the canonical list. */
  list: string
  /** Merkle root of its lines. */
  root: string
  /** Digest of the schools. */
  schools: string
  /** Digest of the round without schools and applicants. */
  setting: string
}

export interface FreezeStep extends Omit<DrawStep, 'previous'> {
  /** The last hash of the run before, if there was one. */
  previous?: string | undefined
  draw: string
  /** From 1; a draw that had to be held again has the next. */
  run: number
  groups: FrozenGroup[]
}

/** That a line is in a frozen list, to be checked by the root and the count that were published. */
export interface InclusionProof {
  line: string
  /** From 0. */
  index: number
  /** The hash nearest to the leaf first. */
  path: string[]
}

/** A program and its version. */
export interface Implementation {
  name: string
  version: string
}

export interface WitnessSource {
  kind: 'witness'
  name: string
  commitment: string
}

/** A round of drand that is still to come. */
export interface DrandSource {
  kind: 'drand'
  chain: string
  publicKey: string
  scheme: string
  round: number
}

export type DrawSource = WitnessSource | DrandSource

export interface CommitStep extends DrawStep {
  /** SHA-256 of the rule's text. */
  rule: string
  engine: Implementation
  sources: DrawSource[]
  /** The instant until which witnesses reveal, and how many must; there if a source is a witness. */
  revealBy?: string | undefined
  least?: number | undefined
}

export interface WitnessReveal {
  kind: 'witness'
  name: string
  at: string
  secret: string
}

export interface WitnessAbsence {
  kind: 'witness'
  name: string
  absent: true
}

export interface DrandReveal {
  kind: 'drand'
  round: number
  signature: string
  /** On a chained network. */
  previousSignature?: string | undefined
  /** SHA-256 of the signature. */
  randomness: string
}

export type RevealPart = WitnessReveal | WitnessAbsence | DrandReveal

export interface RevealStep extends DrawStep {
  /** One for each source, in their order. */
  parts: RevealPart[]
}

export interface DrawnGroup {
  id: string
  seed: string
  /** Digest of the result, also of one that is held back. */
  result: string
}

export interface DrawDrawStep extends DrawStep {
  /** In a supplement: the hash of the publication that it follows. */
  after?: string | undefined
  groups: DrawnGroup[]
}

export type CheckedGroup = { id: string; agreed: true } | { id: string; agreed: false; alarm: string }

export interface CheckStep extends DrawStep {
  by: Implementation[]
  groups: CheckedGroup[]
}

export type PublishStep = DrawStep

/** A draw without its lists, which are long; they are there where they were read. */
export type DrawSteps = Omit<DrawTranscript, 'groups'> & Partial<Pick<DrawTranscript, 'groups'>>

/** Steps that are missing at the end are not done yet. */
export interface DrawTranscript {
  format: typeof DRAW_FORMAT
  /** The rule of the draw as it was announced. */
  rule: string
  groups: DrawGroup[]
  freeze: FreezeStep
  commit?: CommitStep | undefined
  reveal?: RevealStep | undefined
  draw?: DrawDrawStep | undefined
  check?: CheckStep | undefined
  publish?: PublishStep | undefined
}
