import type { ChildId, SchoolId } from './ids.js'

/** What a residual round is decided from, and what comes of it; `docs/rounds.md` says what they mean. */
export const RESIDUAL_FORMAT = 'ruxue.residual.v1'
export const PROPOSALS_FORMAT = 'ruxue.proposals.v1'

/** Metres on the city's grid. */
export interface Location {
  x: number
  y: number
}

export interface ResidualFile {
  format: typeof RESIDUAL_FORMAT
  id: string
  schools: { id: SchoolId; seats: number; location?: Location | undefined }[]
  children: {
    id: ChildId
    location?: Location | undefined
    /** Schools that are not for the child, in order of their ids. */
    except?: SchoolId[] | undefined
  }[]
  /** Hex. */
  seed: string
}

/** Why a child is proposed for a school, or for none. */
export const RESIDUAL_REASONS = {
  nearest: 'It is the nearest school that can take the child.',
  'nearer-full': 'Every nearer school is full, and no other way to fill them makes all ways together shorter.',
  'no-distance': 'The distance is not known; the seat is one that the others leave.',
  'no-seat': 'Every school that can take the child is full with children whose tickets come first.',
  'no-school': 'No school can take the child.',
} as const
export type ResidualReason = keyof typeof RESIDUAL_REASONS

export interface Proposal {
  child: ChildId
  school: SchoolId | null
  /** Null without a school, and where the distance is not known. */
  metres: number | null
  reason: ResidualReason
  /** The nearer schools, all full; the nearest first. */
  nearer: SchoolId[]
}

export interface ProposalsFile {
  format: typeof PROPOSALS_FORMAT
  round: string
  /** `sha256:` and the hex digest of the round in its canonical form. */
  inputDigest: string
  /** In order of the children's ids. */
  proposals: Proposal[]
}

/** What staff say to a proposal. */
export const VERDICTS = ['approved', 'refused'] as const
export type Verdict = (typeof VERDICTS)[number]
