import type { z } from 'zod'
import type { catalogue } from '../../../contracts/http/allocation.js'
import { canonicalJson } from '../../../platform/crypto.js'
import { problem, type Problem } from '../../../platform/problem.js'
import type { Fault } from '../../../contracts/problems.js'

/** A season's districts, schools and zones. */
export type Catalogue = z.output<typeof catalogue>

/** Why a catalogue does not hold together, with every fault and its place; undefined if it does. */
export function refuseCatalogue({ districts, schools, zones }: Catalogue): Problem | undefined {
  const known = { districts: new Set(districts.map(({ id }) => id)), schools: new Set(schools.map(({ id }) => id)) }
  const district = (list: string) => (entry: { district: string }, index: number): Fault[] =>
    known.districts.has(entry.district) ? [] : [{ at: `/body/${list}/${index}/district`, message: `There is no district ${entry.district}` }]
  const faults = [
    ...twice('districts', districts),
    ...twice('schools', schools),
    ...twice('zones', zones),
    ...schools.flatMap(district('schools')),
    ...zones.flatMap(district('zones')),
  ]
  if (faults.length > 0) return problem('invalid-input', `${faults[0]!.at}: ${faults[0]!.message}`, { faults })
  const unknown = zones.flatMap((zone, index) =>
    zone.schools.flatMap((school, at) => (known.schools.has(school) ? [] : [{ at: `/body/zones/${index}/schools/${at}`, message: `There is no school ${school}` }])))
  return unknown.length > 0 ? problem('unknown-school', `${unknown[0]!.at}: ${unknown[0]!.message}`, { faults: unknown }) : undefined
}

function twice(list: string, entries: { id: string }[]): Fault[] {
  const seen = new Set<string>()
  return entries.flatMap(({ id }, index) => {
    const known = seen.has(id)
    seen.add(id)
    return known ? [{ at: `/body/${list}/${index}/id`, message: `${id} is there before` }] : []
  })
}

export interface CatalogueChanges {
  none: boolean
  /** New or different. */
  schools: Catalogue['schools']
  zones: Catalogue['zones']
}

/** What is new or different in a catalogue; entries that are gone make it different too. */
export function changesOf(stands: Catalogue, next: Catalogue): CatalogueChanges {
  const schools = different(stands.schools, next.schools)
  const zones = different(stands.zones, next.zones)
  const none = schools.length === 0 && zones.length === 0 && different(stands.districts, next.districts).length === 0
    && stands.schools.length === next.schools.length && stands.zones.length === next.zones.length && stands.districts.length === next.districts.length
  return { none, schools, zones }
}

function different<T extends { id: string }>(stands: T[], next: T[]): T[] {
  const known = new Map(stands.map((entry) => [entry.id, canonicalJson(entry)]))
  return next.filter((entry) => known.get(entry.id) !== canonicalJson(entry))
}
