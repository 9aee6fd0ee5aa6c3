import type { DistrictId, SchoolId } from '../../../../contracts/ids.js'
import { byText } from '../rounds/list.js'
import type { RoundUnit } from '../rounds/unit.js'

/** What is drawn on its own: schools, and the units that chose any of them. */
export interface UnitGroup {
  /** The first of its districts, and how many others belong to it: `nanguan`, `nanguan+2`. */
  id: string
  schools: SchoolId[]
  units: RoundUnit[]
}

/** The name of the one group of a round that offers no school. */
const NOWHERE = 'none'

/** The name of the one group of a round in which any school can take any unit. */
const WHOLE = 'all'

/** All units and schools of a round together. */
export const wholeGroup = (units: readonly RoundUnit[], districts: ReadonlyMap<SchoolId, DistrictId>): UnitGroup =>
  ({ id: WHOLE, schools: [...districts.keys()].sort(byText), units: [...units] })

/**
 * Districts are drawn apart as far as nobody's choices cross them; what hangs together is one group. A unit without a
 * choice stands in the first group: nothing is drawn for it.
 * @param districts of every school that the round offers
 */
export function groupsOf(units: readonly RoundUnit[], districts: ReadonlyMap<SchoolId, DistrictId>): UnitGroup[] {
  const heads = new Map([...districts.values()].map((district) => [district, district]))
  const headOf = (district: DistrictId): DistrictId => {
    const above = heads.get(district)!
    return above === district ? district : headOf(above)
  }
  for (const { schools: [first, ...others] } of units) {
    for (const other of others) {
      const [one, two] = [headOf(districts.get(first!)!), headOf(districts.get(other)!)].sort(byText) as [DistrictId, DistrictId]
      heads.set(two, one)
    }
  }
  const found = new Map<DistrictId, UnitGroup & { districts: Set<DistrictId> }>()
  for (const [school, district] of [...districts].sort(([a], [b]) => byText(a, b))) {
    const head = headOf(district)
    const group = found.get(head)
    if (group) {
      group.schools.push(school)
      group.districts.add(district)
    } else found.set(head, { id: head, schools: [school], units: [], districts: new Set([district]) })
  }
  const groups = [...found.values()].sort((a, b) => byText(a.id, b.id)).map(({ districts: { size }, ...group }) => ({ ...group, id: size === 1 ? group.id : `${group.id}+${size - 1}` }))
  if (groups.length === 0) return [{ id: NOWHERE, schools: [], units: [...units] }]
  const bySchool = new Map(groups.flatMap((group) => group.schools.map((school) => [school, group])))
  for (const unit of units) (bySchool.get(unit.schools[0] ?? '') ?? groups[0]!).units.push(unit)
  return groups
}
