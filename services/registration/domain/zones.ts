import type { z } from 'zod'
import type { addressRule, zone } from '../../../contracts/http/allocation.js'

/** A zone as allocation published it. */
export type Zone = z.output<typeof zone>
export type AddressRule = z.output<typeof addressRule>
