import type { ChildId, SchoolId, UnitId } from '../../../../contracts/ids.js'
import { REGISTERED_KEY } from '../../../../contracts/rounds.js'
import { byText, canonicalList } from './list.js'
import type { Keys } from './order.js'
import type { DissolvedReason, DissolvedUnit, RoundUnit } from './unit.js'

/** A child that may take part in a round. */
export interface Candidate {
  child: ChildId
  /** The schools that may take it, in order of preference. */
  schools: SchoolId[]
  /** The twins' unit, if it counts in this round. */
  twins?: { id: UnitId; members: ChildId[] } | undefined
  /** When it was registered, ISO 8601, where the round asks which of twins was first. */
  registeredAt?: string | undefined
  /** What the policy's order asks of it, if there is one. */
  keys?: Keys | undefined
}

/**
 * Forms the units of a round. Twins count as one if every member is a candidate and a school may take them all;
 * else each takes part alone and the reason is recorded.
 */
export function formUnits(candidates: readonly Candidate[]): { units: RoundUnit[]; dissolved: DissolvedUnit[] } {
  const byChild = new Map(candidates.map((candidate) => [candidate.child, candidate]))
  const units = new Map<UnitId, RoundUnit>()
  const dissolved = new Map<UnitId, DissolvedUnit>()
  for (const candidate of candidates) {
    const { child, schools, twins } = candidate
    const formed = twins && asOne(twins, byChild)
    if (formed && 'unit' in formed) {
      units.set(formed.unit, formed)
      continue
    }
    if (twins && formed) dissolved.set(twins.id, { unit: twins.id, members: [...twins.members].sort(byText), reason: formed.reason })
    units.set(child, { unit: child, members: [child], schools, ...keysOf([candidate]) })
  }
  return { units: canonicalList(units.values()), dissolved: [...dissolved.values()].sort((a, b) => byText(a.unit, b.unit)) }
}

function asOne(twins: { id: UnitId; members: ChildId[] }, byChild: Map<ChildId, Candidate>): RoundUnit | { reason: DissolvedReason } {
  const members = [...twins.members].sort(byText)
  const present = members.flatMap((member) => byChild.get(member) ?? [])
  if (present.length < members.length || present.some((member) => member.twins?.id !== twins.id)) return { reason: 'member-not-eligible' }
  const wishes = present.map((member) => member.schools)
  const common = wishes[0]!.filter((school) => wishes.every((schools) => schools.includes(school)))
  if (common.length === 0 && wishes.some((schools) => schools.length > 0)) return { reason: 'different-schools' }
  return { unit: twins.id, members, schools: common, ...keysOf(present) }
}

function keysOf(members: readonly Candidate[]): Pick<RoundUnit, 'keys'> {
  // The order of registration is of a unit, and of all its members or none.
  const areDated = members.length > 1 && members.every(({ registeredAt }) => registeredAt !== undefined)
  const keys = members.flatMap(({ child, keys: own, registeredAt }): [ChildId, Keys][] => {
    if (areDated) return [[child, { ...own, [REGISTERED_KEY]: registeredAt! }]]
    return own ? [[child, own]] : []
  })
  return keys.length > 0 ? { keys: Object.fromEntries(keys) } : {}
}
