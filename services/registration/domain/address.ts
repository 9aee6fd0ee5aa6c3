import type { z } from 'zod'
import type { address } from '../../../contracts/http/registration.js'
import type { AddressRule, NamedPlace, Zone } from './zones.js'

/** An address as a form gives it. Personal data. */
export type Address = z.output<typeof address>

/**
 * One line for an address that keeps its parts apart, so that 1号23室 and 12号3室 differ once punctuation is folded.
 */
export const addressLine = ({ district, street, number, room }: Address): string =>
  `${district}区${street}街${number}号${room}室`

/** The zone whose rules cover the address, or null if none does. Of several the first by id. */
export function zoneOf(zones: readonly Zone[], address: Address): string | null {
  return zones.filter((zone) => covers(zone.addresses, address)).map((zone) => zone.id).sort()[0] ?? null
}

/** Whether the address lies in the place. */
export const liesIn = (place: NamedPlace | undefined, address: Address): boolean => place !== undefined && covers(place.addresses, address)

const covers = (rules: readonly AddressRule[], address: Address): boolean => rules.some((rule) => isOf(rule, address))

function isOf(rule: AddressRule, { district, street, number }: Address): boolean {
  return rule.district === district
    && foldStreet(rule.street) === foldStreet(street)
    && number >= (rule.from ?? 0)
    && number <= (rule.to ?? Infinity)
    && (rule.parity === undefined || (number % 2 === 0) === (rule.parity === 'even'))
}

/** Street names compare without spaces, width and case. */
export const foldStreet = (street: string): string => street.normalize('NFKC').toLowerCase().replace(/\s/g, '')
