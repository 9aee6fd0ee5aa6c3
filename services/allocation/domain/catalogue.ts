import type { z } from 'zod'
import type { catalogue } from '../../../contracts/http/allocation.js'
import { canonicalJson } from '../../../platform/crypto.js'
import { problem, type Problem } from '../../../platform/problem.js'
import type { Fault } from '../../../contracts/problems.js'

/** A season's districts, schools, zones and named places. */
export type Catalogue = z.output<typeof catalogue>

/**
 * Why a catalogue does not hold together, with every fault and its place; undefined if it does.
 * @param declared the places of the season's policy: the catalogue maps each of them and no other
 */
export function refuseCatalogue({ districts, schools, zones, places }: Catalogue, declared: readonly string[]): Problem | undefined {
  const known = { districts: new Set(districts.map(({ id }) => id)), schools: new Set(schools.map(({ id }) => id)) }
  const district = (list: string) => (entry: { district: string }, index: number): Fault[] =>
    known.districts.has(entry.district) ? [] : [{ at: `/body/${list}/${index}/district`, message: `There is no district ${entry.district}` }]
  const faults = [
    ...twice('districts', districts),
    ...twice('schools', schools),
    ...twice('zones', zones),
    ...schools.flatMap(district('schools')),
    ...zones.flatMap(district('zones')),
    ...twice('places', places),
    ...places.flatMap(({ addresses }, index) => addresses.flatMap(district(`places/${index}/addresses`))),
    ...undeclared(places, declared),
    ...declared.filter((id) => places.every((place) => place.id !== id)).map((id) => ({ at: '/body/places', message: `The place ${id} of the policy is missing` })),
  ]
  if (faults.length > 0) return problem('invalid-input', `${faults[0]!.at}: ${faults[0]!.message}`, { faults })
  const unknown = zones.flatMap((zone, index) =>
    zone.schools.flatMap((school, at) => (known.schools.has(school) ? [] : [{ at: `/body/zones/${index}/schools/${at}`, message: `There is no school ${school}` }])))
  return unknown.length > 0 ? problem('unknown-school', `${unknown[0]!.at}: ${unknown[0]!.message}`, { faults: unknown }) : undefined
}

const undeclared = (places: Catalogue['places'], declared: readonly string[]): Fault[] =>
  places.flatMap(({ id }, index) => (declared.includes(id) ? [] : [{ at: `/body/places/${index}/id`, message: `The policy declares no place ${id}` }]))

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
  /** Nothing else is different. */
  plansAlone: boolean
  /** New or different. */
  schools: Catalogue['schools']
  zones: Catalogue['zones']
  places: Catalogue['places']
}

/** What is new or different in a catalogue; entries that are gone make it different too. */
export function changesOf(stands: Catalogue, next: Catalogue): CatalogueChanges {
  const schools = different(stands.schools, next.schools)
  const zones = different(stands.zones, next.zones)
  const places = different(stands.places, next.places)
  const others = [different(stands.schools.map(withoutPlan), next.schools.map(withoutPlan)), zones, places, different(stands.districts, next.districts)]
  const plansAlone = others.every(({ length }) => length === 0)
    && (['schools', 'zones', 'places', 'districts'] as const).every((list) => stands[list].length === next[list].length)
  return { none: plansAlone && schools.length === 0, plansAlone, schools, zones, places }
}

const withoutPlan = ({ plan: _plan, ...school }: Catalogue['schools'][number]) => school

function different<T extends { id: string }>(stands: T[], next: T[]): T[] {
  const known = new Map(stands.map((entry) => [entry.id, canonicalJson(entry)]))
  return next.filter((entry) => known.get(entry.id) !== canonicalJson(entry))
}
