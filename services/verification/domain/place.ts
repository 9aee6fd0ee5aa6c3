import type { ChildFact } from '../../../contracts/facts.js'
import { zoneOf } from '../../../policies/forms.js'
import { foldKnowledge } from '../../../policies/knowledge.js'
import { placingAddress, type Timeline, type TimelinePhaseOf } from '../../../policies/timeline.js'

/** Who reviews a case. Both are absent for a child of whom neither the roster nor a form says where it belongs. */
export interface Place {
  school?: string
  district?: string
}

/** What a place is found by. */
export type PlaceKey = { zone: string } | { school: string } | { district: string | undefined }

/**
 * What says where a child is reviewed: the school that the fact named by the policy holds, else the zone of the
 * review's address, or of the one by which the season places children, else nothing but the child's district.
 * @param phase the check or review
 */
export function placeKey(
  timeline: Timeline,
  phase: TimelinePhaseOf<'review'> | TimelinePhaseOf<'check'>,
  facts: readonly ChildFact[],
): PlaceKey {
  const district = facts.find((fact) => fact.aggregate === 'roster')?.district
  const fact = phase.kind === 'review' ? phase.school : undefined
  if (fact !== undefined) {
    const school = foldKnowledge(timeline, facts).facts[fact]?.value
    return typeof school === 'string' ? { school } : { district }
  }
  const address = (phase.kind === 'review' ? phase.address : undefined) ?? placingAddress(timeline, phase)
  const zone = address === undefined ? undefined : zoneOf(timeline, address, facts)
  return zone === undefined ? { district } : { zone }
}
