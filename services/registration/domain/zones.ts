import type { z } from 'zod'
import type { addressRule, zone } from '../../../contracts/http/allocation.js'

/** A zone as allocation published it. */
export type Zone = z.output<typeof zone>
/** The ids that a roster or a form may name. */
export interface Catalogue {
  districts: ReadonlySet<string>
  schools: ReadonlySet<string>
}
export type AddressRule = z.output<typeof addressRule>
