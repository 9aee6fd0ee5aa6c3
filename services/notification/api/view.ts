import type { z } from 'zod'
import type { paper as contract } from '../../../contracts/http/notification.js'
import type { Paper } from '../domain/paper.js'

/** A paper as the contract shows it. */
export const viewOf = ({ number, child, kind, phase, school, state, issuedAt }: Paper): z.input<typeof contract> => ({
  number, child, kind, phase, ...(school !== undefined && { school }), state, issuedAt: new Date(issuedAt).toISOString(),
})
