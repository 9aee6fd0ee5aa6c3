import { phaseById, type Timeline } from '../../policies/timeline.js'
import type { Life, Step } from './run-season.js'

export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS

type When = (calendar: Timeline) => number
/** A step of a life, once its calendar is known. */
export type Scripted = (calendar: Timeline) => Step

/** So long after a phase has opened; ms. */
export const into = (phase: string, ms = HOUR_MS): When => (calendar) => phaseById(calendar, phase).opensAt + ms
/** So long after a phase has closed; ms. */
export const after = (phase: string, ms = 1_000): When => (calendar) => phaseById(calendar, phase).closesAt + ms
/** So long after a round's outcomes should be out; ms. */
export const published = (round: string, ms = 8_000): When => (calendar) => {
  const phase = phaseById(calendar, round)
  return ('publishAt' in phase && phase.publishAt ? phase.publishAt : phase.closesAt) + ms
}

export const step = (when: When, does: Step['does']): Scripted => (calendar) => ({ at: when(calendar), does })
export const life = (name: string, ...steps: Scripted[]): Life => ({ name, steps: (calendar) => steps.map((make) => make(calendar)) })
