import type { ChildFact, FactValue, WithdrawalReason } from '../../../contracts/facts.js'
import { addressesOf, type Answers } from './answers.js'
import { placeFactOf } from '../../../policies/places.js'
import { addressLine, liesIn, zoneOf } from './address.js'
import type { NamedPlace, Zone } from './zones.js'

/** What leaves registration of a form's answers: addresses as tokens, zones and places, the rest as it is. */
export interface Disclosed {
  facts: Record<string, FactValue>
  zones: Record<string, string | null>
}

export interface Surroundings {
  /** The drawn zones that may cover the addresses. */
  zones: readonly Zone[]
  /** The places of the policy. */
  places: readonly string[]
  /** Those of them that may hold the addresses, with their rules. */
  mapped: readonly NamedPlace[]
}

/** @param token the opaque token of an address line */
export function disclose(answers: Answers, { zones, places, mapped }: Surroundings, token: (line: string) => string): Disclosed {
  const addresses = addressesOf(answers)
  const lying = addresses.flatMap(([id, address]) =>
    places.map((place) => [placeFactOf(id, place), liesIn(mapped.find((known) => known.id === place), address)] as const))
  const plain = Object.entries(answers).filter((entry): entry is [string, FactValue] => typeof entry[1] !== 'object')
  return {
    facts: Object.fromEntries([...plain, ...addresses.map(([id, address]) => [id, token(addressLine(address))] as const), ...lying]),
    zones: Object.fromEntries(addresses.map(([id, address]) => [id, zoneOf(zones, address)])),
  }
}

/** A filed form as its row has it. */
export interface FormState {
  season: string
  child: string
  /** Form id of the policy; several phases may file the same form. */
  form: string
  /** The phase through which it was filed. */
  phase: string
  revision: number
  number: string
  /** When it was first filed, epoch ms. */
  registeredAt: number
  frozen: boolean
  disclosed: Disclosed
  unit?: Unit | undefined
}

export interface Unit {
  id: string
  /** Child ids, sorted. */
  members: string[]
}

/** The `registration` fact that a form states. */
export const registrationFact = (form: FormState): ChildFact => ({
  season: form.season,
  child: form.child,
  aggregate: 'registration',
  id: form.form,
  revision: form.revision,
  facts: form.disclosed.facts,
  outcomes: { [form.phase]: 'filed' },
  zones: form.disclosed.zones,
  ...(form.unit && { unit: form.unit }),
  number: form.number,
  registeredAt: new Date(form.registeredAt).toISOString(),
  ...(form.frozen && { frozen: true }),
})

export interface Listing {
  season: string
  child: string
  guardian: string
  district: string
  facts: Record<string, FactValue>
}

/** The `roster` fact of a child that came onto the list; a season lists a child once. */
export const rosterFact = ({ season, child, guardian, district, facts }: Listing): ChildFact => ({
  season, child, aggregate: 'roster', id: 'roster', revision: 1, facts, guardian, district,
})

/** The `withdrawal` fact. */
export const withdrawalFact = (season: string, child: string, reason: WithdrawalReason): ChildFact => ({
  season, child, aggregate: 'withdrawal', id: 'withdrawal', revision: 1, reason,
})
