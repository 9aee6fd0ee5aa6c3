import type { FactId, FactTypeName, PlaceId } from './language.js'

/** The yes-no fact by which whoever knows the addresses says that an opaque address lies in a place. */
export function placeFactOf(address: FactId, place: PlaceId): FactId {
  return `${address}@${place}`
}

/** The address fact that a place fact is about; the fact itself if it is none. */
export function addressOf(fact: FactId): FactId {
  return fact.split('@')[0]!
}

/** The place facts of an address, one for each place of the policy; none of a fact that is no address. */
export function placeFactsOf({ facts, places }: { facts: Record<FactId, { type: FactTypeName }>; places: PlaceId[] }, fact: FactId): FactId[] {
  return facts[fact]?.type === 'address' ? places.map((place) => placeFactOf(fact, place)) : []
}
