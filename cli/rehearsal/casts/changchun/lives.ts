import type { Behaviour } from '../../../../infra/simulators/authority-answers.js'
import type { Part } from '../lives.js'

export const LIVES = [
  'ordinary', 'amends', 'late-on-site', 'never-registers', 'household-mismatch', 'police-silent', 'review-refused',
  'own-graduate', 'private-crowded', 'private-quiet', 'winner-stays-away', 'winner-exchanges-at-public',
  'vacancy-applicant', 'leaves-city', 'special-circumstances', 'twins-together', 'twins-undone',
] as const
/** The kinds of families a rehearsal plays. */
export type LifeId = (typeof LIVES)[number]

/** A story in few words, from which its script under a policy is made. */
export interface Life {
  registers: 'on-time' | 'amends' | 'on-site' | 'never'
  /** What every authority answers about it. */
  authorities: Behaviour
  papers: 'in-order' | 'wrong'
  /** What it applies to in the first choice phase, or by the form of its own school. */
  applies: 'nothing' | 'crowded' | 'quiet' | 'own-school'
  /** Where it checks in when it holds a seat it applied for and another one. */
  comes: 'where-admitted' | 'to-zoned-school' | 'nowhere-if-admitted'
  /** Whether it takes part in the later choice phases. */
  vacancy: boolean
  leaves: boolean
  special: boolean
  twins?: 'together' | 'undone'
}

const ordinary: Life = {
  registers: 'on-time', authorities: 'match', papers: 'in-order', applies: 'nothing', comes: 'where-admitted',
  vacancy: false, leaves: false, special: false,
}

/** Every life as a deviation from the ordinary one. */
export const LIFE: Record<LifeId, Life> = {
  ordinary,
  amends: { ...ordinary, registers: 'amends', authorities: 'slow' },
  'late-on-site': { ...ordinary, registers: 'on-site' },
  'never-registers': { ...ordinary, registers: 'never' },
  'household-mismatch': { ...ordinary, authorities: 'other', papers: 'wrong' },
  'police-silent': { ...ordinary, authorities: 'silent' },
  'review-refused': { ...ordinary, authorities: 'unknown', papers: 'wrong' },
  'own-graduate': { ...ordinary, applies: 'own-school' },
  'private-crowded': { ...ordinary, applies: 'crowded' },
  'private-quiet': { ...ordinary, applies: 'quiet' },
  'winner-stays-away': { ...ordinary, applies: 'crowded', comes: 'nowhere-if-admitted' },
  'winner-exchanges-at-public': { ...ordinary, applies: 'quiet', comes: 'to-zoned-school' },
  'vacancy-applicant': { ...ordinary, vacancy: true },
  'leaves-city': { ...ordinary, leaves: true },
  'special-circumstances': { ...ordinary, special: true },
  'twins-together': { ...ordinary, applies: 'crowded', twins: 'together' },
  'twins-undone': { ...ordinary, applies: 'crowded', twins: 'undone' },
}

/** Share of the children and least number of each life; the rest is ordinary. Twins count in children. */
export const PARTS: Record<Exclude<LifeId, 'ordinary'>, Part> = {
  amends: { share: 0.06, least: 3 },
  'late-on-site': { share: 0.04, least: 3 },
  'never-registers': { share: 0.03, least: 2 },
  'household-mismatch': { share: 0.03, least: 2 },
  'police-silent': { share: 0.02, least: 2 },
  'review-refused': { share: 0.03, least: 2 },
  'own-graduate': { share: 0.04, least: 3 },
  'private-crowded': { share: 0.1, least: 6 },
  'private-quiet': { share: 0.05, least: 3 },
  'winner-stays-away': { share: 0.05, least: 6 },
  'winner-exchanges-at-public': { share: 0.02, least: 2 },
  'vacancy-applicant': { share: 0.06, least: 6 },
  'leaves-city': { share: 0.02, least: 2 },
  'special-circumstances': { share: 0.015, least: 2 },
  'twins-together': { share: 0.03, least: 4, inPairs: true },
  'twins-undone': { share: 0.01, least: 2, inPairs: true },
}

/** Least number of ordinary ones. */
export const LEAST_ORDINARY = 10
