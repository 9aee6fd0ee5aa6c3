import { z } from 'zod'
import { inputDigest } from '../http/common.js'
import { PROPOSALS_FORMAT, RESIDUAL_FORMAT, RESIDUAL_REASONS, type ProposalsFile, type ResidualFile, type ResidualReason } from '../residual.js'
import { name, seats, seed } from './round.js'

const metres = z.number().int()
const location = z.strictObject({ x: metres, y: metres }).optional().describe('Metres on the city’s grid; left out where it is not known')

/** Schema of `ResidualFile` in `contracts/residual.ts`. */
export const residualFile = z.strictObject({
  format: z.literal(RESIDUAL_FORMAT),
  id: name,
  schools: z.array(z.strictObject({ id: name, seats: seats.describe('Seats that are still free'), location })),
  children: z.array(z.strictObject({ id: name, location, except: z.array(name).optional().describe('Schools that are not for the child, in order of their ids') })),
  seed,
}) satisfies z.ZodType<ResidualFile>

/** Schema of `ProposalsFile` in `contracts/residual.ts`. */
export const proposalsFile = z.strictObject({
  format: z.literal(PROPOSALS_FORMAT),
  round: name,
  inputDigest,
  proposals: z.array(
    z.strictObject({
      child: name,
      school: name.nullable(),
      metres: metres.min(0).nullable().describe('Null without a school, and where the distance is not known'),
      reason: z.enum(Object.keys(RESIDUAL_REASONS) as [ResidualReason, ...ResidualReason[]]).describe(Object.entries(RESIDUAL_REASONS).map(([key, says]) => `${key}: ${says}`).join(' ')),
      nearer: z.array(name).describe('The nearer schools, all full; the nearest first'),
    }),
  ),
}) satisfies z.ZodType<ProposalsFile>
