import type { ChildFact, FactValue } from '../../../contracts/facts.js'
import type { ChildId, SchoolId } from '../../../contracts/ids.js'
import { inGroup } from '../../../policies/conditions.js'
import type { Knowledge } from '../../../policies/knowledge.js'
import { standing } from '../../../policies/standing.js'
import type { Timeline, TimelinePhaseOf } from '../../../policies/timeline.js'
import { problem, type Problem } from '../../../platform/problem.js'

/** Why a list of schools is no choice of this phase, or undefined. */
export function refuseSchools(
  timeline: Timeline,
  phase: TimelinePhaseOf<'choice'>,
  chosen: readonly SchoolId[],
  schools: ReadonlyMap<SchoolId, { facts: Record<string, FactValue> }>,
  free: ReadonlyMap<SchoolId, number>,
): Problem | undefined {
  const fault = (index: number, message: string) => [{ at: `/body/schools/${index}`, message }]
  const twice = chosen.findIndex((school, index) => chosen.indexOf(school) !== index)
  if (twice >= 0) return problem('invalid-input', `${chosen[twice]} is named twice`, { faults: fault(twice, 'is named before') })
  if (chosen.length > phase.choose) {
    return problem('too-many-choices', `${phase.id} takes ${phase.choose} at most, not ${chosen.length}`, {
      faults: fault(phase.choose, 'is one too many'),
    })
  }
  const foreign = chosen.findIndex((school) => {
    const known = schools.get(school)
    return !known || !phase.among.some((group) => inGroup(timeline, group, known.facts))
  })
  if (foreign >= 0) {
    return problem('choice-not-offered', `${chosen[foreign]} is no school of ${phase.among.join(' or ')}`, { faults: fault(foreign, 'is not on offer') })
  }
  const full = phase.offered === 'seats-left' ? chosen.findIndex((school) => (free.get(school) ?? 0) === 0) : -1
  if (full >= 0) return problem('choice-not-offered', `${chosen[full]} has no vacancy`, { faults: fault(full, 'has no seat left') })
  return undefined
}

/**
 * Why a child may not act in a phase, by what is known for certain at receipt; word that may still be on its way
 * refuses nobody.
 */
export function refuseChild(timeline: Timeline, phase: string, knowledge: Knowledge): Problem | undefined {
  if (knowledge.withdrawn) return problem('withdrawn', 'The child has left the season')
  const { allowed, explanation, barredBy, endedBy } = standing(timeline, phase, knowledge, { absent: 'pending' })
  if (allowed !== 'no') return undefined
  const cause = barredBy ? ` because of ${barredBy.outcome} in ${barredBy.phase}` : ''
  return problem('not-eligible', `${phase} does not ask this child${cause}`, { particulars: { explanation, barredBy, endedBy } })
}

/** An entry in a choice phase. */
export interface Entry {
  child: ChildId
  revision: number
  schools: SchoolId[]
  enteredFor: ChildId
  /** Epoch ms. */
  receivedAt: number
}

/**
 * The rows an entry makes: its child's, and in a unit of twins the other members' too, for one's entry stands for
 * both. Each member gets the next revision of its own.
 */
export function entriesOf(members: readonly ChildId[], entry: Omit<Entry, 'child' | 'revision'>, known: ReadonlyMap<ChildId, Entry>): Entry[] {
  return members.map((child) => ({ ...entry, child, revision: (known.get(child)?.revision ?? 0) + 1 }))
}

/** Whichever was received last stands; of two in the same millisecond the one for the lower id. */
export function standingEntry(entries: readonly Entry[]): Entry | undefined {
  return [...entries].sort((a, b) => b.receivedAt - a.receivedAt || (a.enteredFor < b.enteredFor ? -1 : 1))[0]
}

/**
 * What the close of a choice phase still has to write: in each unit of twins the entry received last stands for
 * every member, also where the unit was not known here when it came in.
 */
export function settleTwins(units: readonly (readonly ChildId[])[], known: ReadonlyMap<ChildId, Entry>): Entry[] {
  return units.flatMap((members) => {
    const stands = standingEntry(members.flatMap((child) => known.get(child) ?? []))
    if (!stands) return []
    const differing = members.filter((child) => !sameEntry(known.get(child), stands))
    return entriesOf(differing, stands, known)
  })
}

function sameEntry(entry: Entry | undefined, other: Entry): boolean {
  return entry !== undefined && entry.enteredFor === other.enteredFor && entry.schools.join() === other.schools.join()
}

/** The twins of a child who asked to be treated as one, itself included; only itself if there are none. */
export function membersWith(child: ChildId, unit: ChildFact['unit'] | undefined): ChildId[] {
  return unit ? [...unit.members].sort() : [child]
}
