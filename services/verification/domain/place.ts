import type { ChildFact } from '../../../contracts/facts.js'
import { foldKnowledge } from '../../../policies/knowledge.js'
import { phasesOfKind, type Timeline, type TimelinePhaseOf } from '../../../policies/timeline.js'

/** Who reviews a case. Both are absent for a child of whom neither the roster nor a form says where it belongs. */
export interface Place {
  school?: string
  district?: string
}

/** What a place is found by. */
export type PlaceKey = { zone: string } | { school: string } | { district: string | undefined }

/**
 * What says where a child is reviewed: the school that the fact named by the policy holds, else the zone of the
 * address by which the season places children, else nothing but the child's district.
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
  const zone = zoneOf(timeline, phase.index, facts)
  return zone === undefined ? { district } : { zone }
}

function zoneOf(timeline: Timeline, index: number, facts: readonly ChildFact[]): string | undefined {
  const address = addressOf(timeline, index)
  if (address === undefined) return undefined
  const forms = facts.filter((fact) => fact.aggregate === 'registration' && fact.zones?.[address])
  return forms.sort((a, b) => (a.id < b.id ? -1 : 1))[0]?.zones?.[address] ?? undefined
}

/** The address of the first round after this phase that places by one, else of any that does. */
function addressOf(timeline: Timeline, index: number): string | undefined {
  const rounds = phasesOfKind(timeline, 'round').filter((round) => round.address !== undefined)
  return (rounds.find((round) => round.index > index) ?? rounds[0])?.address
}
