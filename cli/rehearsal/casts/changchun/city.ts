import type { Cond, FactValue, GroupId } from '../../../../policies/language.js'
import { phasesOfKind, type Timeline } from '../../../../policies/timeline.js'
import type { Catalogue, Home } from '../../families.js'

type School = Catalogue['schools'][number]

/** Children a district of the made-up city has, about. */
const CHILDREN_A_DISTRICT = 300
/** Seats of a zoned school beyond the children who live there, as a share: the vacancies of the season. */
const SLACK = 0.15
/** Seats of a crowded school as a share of those who want it. */
const CROWDED_SHARE = 0.6

/** Districts lie side by side, so far apart, on the city's grid. */
const DISTRICT_METRES = 4_000

const DISTRICT_NAMES = ['晨光', '长河', '松涛', '云台', '碧波', '金穗', '霁月', '杏坛'] as const

/** The schools of one district by their part in the rehearsal. */
interface DistrictSchools {
  crowded: string
  quiet: string
}

/** The made-up city before anybody is counted: districts, streets, zones and schools without plans. */
export interface City {
  districts: { id: string; name: string }[]
  homes: Home[]
  schools: Omit<School, 'plan'>[]
  zones: Catalogue['zones']
  chosen: Record<string, DistrictSchools>
}

/**
 * Draws a city for a policy: in each district two zones of one school and one zone shared by two, and two schools
 * that families apply to, one crowded and one quiet. School attributes are such that the policy's groups hold them.
 */
export function buildCity(timeline: Timeline, children: number): City {
  const zoned = groupsOf(timeline, 'zoned')
  const chosen = groupsOf(timeline, 'chosen')
  const count = Math.min(DISTRICT_NAMES.length, Math.max(2, Math.ceil(children / CHILDREN_A_DISTRICT)))
  const city: City = { districts: [], homes: [], schools: [], zones: [], chosen: {} }
  for (const name of DISTRICT_NAMES.slice(0, count)) addDistrict(city, name, attributesOf(timeline, zoned), attributesOf(timeline, chosen))
  return city
}

function addDistrict(city: City, name: string, zoned: Attributes, chosen: Attributes): void {
  const district = `d${city.districts.length + 1}`
  city.districts.push({ id: district, name: `${name}区` })
  const at = (x: number, y: number) => ({ x: city.districts.length * DISTRICT_METRES + x, y })
  const addSchool = (id: string, label: string, facts: Attributes, location: School['location']) => {
    city.schools.push({ id: `${district}-${id}`, name: `${name}${label}`, district, facts, location })
    return `${district}-${id}`
  }
  const zones = [
    { schools: [addSchool('first', '第一学校', zoned, at(400, 600))], location: at(500, 500) },
    { schools: [addSchool('second', '第二学校', zoned, at(2_300, 700))], location: at(2_000, 500) },
    { schools: [addSchool('third', '第三学校', zoned, at(800, 2_200)), addSchool('fourth', '第四学校', zoned, at(2_000, 2_400))], location: at(1_200, 2_000) },
  ]
  zones.forEach((drawn, index) => {
    const zone = `${district}-z${index + 1}`
    const street = `${name}${['东街', '西街', '南路'][index] ?? ''}`
    city.zones.push({ id: zone, district, ...drawn, addresses: [{ district, street }] })
    city.homes.push({ district, zone, street })
  })
  city.chosen[district] = { crowded: addSchool('crowded', '实验学校', chosen, at(1_300, 1_200)), quiet: addSchool('quiet', '育才学校', chosen, at(2_800, 1_600)) }
}

/** How many seats are wanted where, counted from the families. */
export interface Demand {
  byZone: Map<string, number>
  bySchool: Map<string, number>
}

/** The catalogue with plans: zoned schools hold their zones and some more, a crowded one too few, a quiet one enough. */
export function planCity(city: City, demand: Demand): Catalogue {
  const crowded = new Set(Object.values(city.chosen).map((schools) => schools.crowded))
  const plan = (school: string): number => {
    const zone = city.zones.find(({ schools }) => schools.includes(school))
    if (zone) return Math.ceil(((demand.byZone.get(zone.id) ?? 0) / zone.schools.length) * (1 + SLACK)) + 1
    const wanted = demand.bySchool.get(school) ?? 0
    return crowded.has(school) ? Math.max(2, Math.floor(wanted * CROWDED_SHARE)) : wanted + 2
  }
  return {
    districts: city.districts,
    zones: city.zones,
    schools: city.schools.map((school) => ({ ...school, plan: plan(school.id) })),
  }
}

type Attributes = Record<string, FactValue>

/** Groups of schools that zones lead to, or that families choose; one and the same group may be both. */
function groupsOf(timeline: Timeline, part: 'zoned' | 'chosen'): GroupId[] {
  const zoned = phasesOfKind(timeline, 'round').filter(({ method }) => method === 'catchment').flatMap(({ seats }) => seats)
  if (part === 'zoned') return zoned.length > 0 ? zoned : Object.keys(timeline.groups)
  const chosen = phasesOfKind(timeline, 'choice').flatMap(({ among }) => among)
  const apart = chosen.filter((group) => !zoned.includes(group))
  return apart.length > 0 ? apart : chosen.length > 0 ? chosen : Object.keys(timeline.groups)
}

/** Attributes with which a school belongs to the first of these groups. */
function attributesOf(timeline: Timeline, groups: GroupId[]): Attributes {
  const cond = timeline.groups[groups[0] ?? '']
  return cond ? Object.fromEntries(equalities(cond)) : {}
}

function equalities(cond: Cond): [string, FactValue][] {
  if (cond.op === 'all') return cond.of.flatMap(equalities)
  if (cond.op === 'any') return cond.of.slice(0, 1).flatMap(equalities)
  if (cond.op === 'school' && 'is' in cond.test && cond.test.is[0] !== undefined) return [[cond.attribute, cond.test.is[0]]]
  return []
}
