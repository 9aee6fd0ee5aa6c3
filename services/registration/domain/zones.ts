import type { z } from 'zod'
import type { addressRule, namedPlace, zone } from '../../../contracts/http/allocation.js'

/** A zone as allocation published it. */
export type Zone = z.output<typeof zone>
/** A named area of the policy, as allocation published it. */
export type NamedPlace = z.output<typeof namedPlace>
/** The ids that a roster or a form may name. */
export interface Catalogue {
  districts: ReadonlySet<string>
  schools: ReadonlySet<string>
}
export type AddressRule = z.output<typeof addressRule>
