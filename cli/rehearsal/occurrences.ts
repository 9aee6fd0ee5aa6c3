import { REASONS } from '../../workflows/enrollment/ending.js'
import type { Timeline } from '../../policies/timeline.js'
import type { Catalogue } from './families.js'
import type { Story } from './stories.js'

/** A thing that must have happened in a rehearsal, or it proved too little. */
export interface Occurrence {
  id: string
  /** False where this policy has no such thing. */
  possible: (timeline: Timeline) => boolean
  happened: (season: Played) => boolean
}

export interface Played {
  timeline: Timeline
  catalogue: Catalogue
  stories: Story[]
}

/** It happened to some child. */
export const some = (test: (story: Story, season: Played) => boolean) => (season: Played): boolean =>
  season.stories.some((story) => test(story, season))

export const decided = (story: Story, outcome: string): boolean => story.receipts.some((receipt) => receipt.kind === 'decision' && receipt.outcome === outcome)

/** Ends that no person and no closing phase gave: somebody was forgotten. */
const UNSETTLED: readonly string[] = Object.values(REASONS)

export const everybodySettled: Occurrence = {
  id: 'every child settled by a rule or a person',
  possible: () => true,
  happened: ({ stories }) => stories.every(({ end }) => end !== undefined && !(end.kind === 'ended' && UNSETTLED.includes(end.reason))),
}

/** What should have happened under this policy and did not; empty if the rehearsal proved everything it should. */
export function missingOccurrences(occurrences: readonly Occurrence[], season: Played): string[] {
  return occurrences.filter(({ possible, happened }) => possible(season.timeline) && !happened(season)).map(({ id }) => id)
}
