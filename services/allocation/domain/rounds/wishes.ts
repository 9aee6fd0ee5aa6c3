import type { ChildFact } from '../../../../contracts/facts.js'
import type { SchoolId, ZoneId } from '../../../../contracts/ids.js'
import type { Location } from '../../../../contracts/residual.js'
import { zoneOf } from '../../../../policies/forms.js'
import { knownValue, type Knowledge } from '../../../../policies/knowledge.js'
import type { FactId } from '../../../../policies/language.js'
import { mayEnter } from '../../../../policies/standing.js'
import type { Timeline, TimelinePhaseOf } from '../../../../policies/timeline.js'
import { choicesOf } from './reads.js'

/** The season's schools and zones as a round sees them. */
export interface RoundMap {
  /** True if the round gives out seats of this school. */
  offers(school: SchoolId): boolean
  schoolsOf(zone: ZoneId): readonly SchoolId[]
  /** Where the addresses of the zone are, if the catalogue says so. */
  locationOf(zone: ZoneId): Location | undefined
}

/**
 * The schools that may take a child in a round, in order of preference; empty if there is none or any may, undefined if
 * the child made a choice that does not count, because its phase did not ask the child after all.
 */
export function wishesOf(
  timeline: Timeline,
  round: TimelinePhaseOf<'round'>,
  facts: readonly ChildFact[],
  knowledge: Knowledge,
  map: RoundMap,
): SchoolId[] | undefined {
  const wishes = wishesBy(timeline, round, facts, knowledge, map)
  return wishes && [...new Set(wishes)].filter((school) => map.offers(school))
}

function wishesBy(timeline: Timeline, round: TimelinePhaseOf<'round'>, facts: readonly ChildFact[], knowledge: Knowledge, map: RoundMap): SchoolId[] | undefined {
  if (round.method === 'residual') return []
  if (round.method === 'catchment') {
    const zone = zoneFor(timeline, round.address, facts)
    return zone ? [...map.schoolsOf(zone)] : []
  }
  const choices = choicesOf(timeline, round)
  return choices.length > 0 ? chosen(timeline, choices, facts, knowledge) : ownSchool(timeline, round, knowledge)
}

/** A choice counts only if its phase asks the child, by all that is known now. */
function chosen(timeline: Timeline, choices: TimelinePhaseOf<'choice'>[], facts: readonly ChildFact[], knowledge: Knowledge): SchoolId[] | undefined {
  const counting = choices.filter((phase) => knowledge.outcomes[phase.id] === 'chosen' && mayEnter(timeline, phase.id, knowledge) === 'yes')
  if (counting.length === 0) return undefined
  return counting.flatMap((phase) => facts.find((fact) => fact.aggregate === 'choice' && fact.id === phase.id)?.schools ?? [])
}

/** The school that a fact of the child names: the round's own, else any. */
function ownSchool(timeline: Timeline, round: TimelinePhaseOf<'round'>, knowledge: Knowledge): SchoolId[] {
  const ids = round.school ? [round.school] : Object.keys(timeline.facts).filter((id) => timeline.facts[id]!.type === 'school')
  return ids.flatMap((id) => {
    const value = knownValue(knowledge, id)
    return typeof value === 'string' ? [value] : []
  })
}

/** Where a child lives by the address the round goes near; undefined if its zone or the zone's location is not known. */
export function locationOf(timeline: Timeline, round: TimelinePhaseOf<'round'>, facts: readonly ChildFact[], map: RoundMap): Location | undefined {
  const zone = zoneFor(timeline, round.near, facts)
  return zone === undefined ? undefined : map.locationOf(zone)
}

/** The schools of the round that are not for the child: those of the zone that the policy excepts. */
export function exceptedOf(timeline: Timeline, round: TimelinePhaseOf<'round'>, facts: readonly ChildFact[], map: RoundMap): SchoolId[] {
  const zone = round.exceptZoneOf && zoneOf(timeline, round.exceptZoneOf, facts)
  return zone ? map.schoolsOf(zone).filter((school) => map.offers(school)) : []
}

/** The zone of the address the round goes by; without one, of the first address of the policy that lies in one. */
function zoneFor(timeline: Timeline, address: FactId | undefined, facts: readonly ChildFact[]): ZoneId | undefined {
  if (address) return zoneOf(timeline, address, facts)
  return Object.keys(timeline.facts).map((id) => zoneOf(timeline, id, facts)).find((zone) => zone !== undefined)
}
