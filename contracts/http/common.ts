import { z } from 'zod'
import { AGGREGATES, SEATED_WAYS, WITHDRAWAL_REASONS } from '../facts.js'

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'lower-case letters, digits and hyphens')

export const seasonId = slug.describe('Season id, for example changchun-2022')
export const phaseId = slug.describe('Phase id of the season’s policy')
export const schoolId = slug.describe('School id of the season’s catalogue')
export const zoneId = slug.describe('Zone id of the season’s catalogue')
export const placeId = slug.describe('Id of a place that the season’s policy declares')
export const districtId = slug.describe('District id of the season’s catalogue')
export const childId = z.string().regex(/^c[a-z2-7]{25}$/, 'c and 25 base-32 characters').describe('Opaque child id')
export const guardianId = z.string().regex(/^g[a-z2-7]{25}$/, 'g and 25 base-32 characters').describe('Opaque guardian id')
export const unitId = z.string().regex(/^[cu][a-z2-7]{25}$/).describe('A child id, or the id of a unit of twins')
export const stepHash = z.string().regex(/^[0-9a-f]{64}$/, 'SHA-256 in hexadecimal')
export const inputDigest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'sha256: and SHA-256 in hexadecimal')
export const instant = z.iso.datetime({ offset: true }).describe('ISO 8601 instant')
export const reasonText = z.string().trim().min(1).max(500)

export const noParams = z.strictObject({})
export const noQuery = z.strictObject({})
export const noBody = z.strictObject({})
export const nothing = z.strictObject({})
export const inSeason = z.strictObject({ season: seasonId })
export const ofChild = z.strictObject({ season: seasonId, child: childId })
export const ofPhase = z.strictObject({ season: seasonId, phase: phaseId })
export const ofPhaseAndChild = z.strictObject({ season: seasonId, phase: phaseId, child: childId })

/** Cursor paging: `limit` rows, and the `next` of the answer given back as `cursor`. */
export const paging = { limit: z.coerce.number().int().min(1).max(500).default(50), cursor: z.string().max(200).optional() }

export const factValue = z.union([z.string(), z.number(), z.boolean()])
export const seatedWay = z.enum(SEATED_WAYS)
export const seat = z.strictObject({
  basis: phaseId,
  school: schoolId,
  way: seatedWay.optional().describe('Only of a desk’s seat, where the desk decided on a way'),
})

/** Schema of `ChildFact` in `contracts/facts.ts`. */
export const childFact = z.strictObject({
  season: seasonId,
  child: childId,
  aggregate: z.enum(AGGREGATES),
  id: z.string().min(1),
  revision: z.number().int().min(1),
  facts: z.record(z.string(), factValue).optional(),
  none: z.array(z.string()).min(1).optional(),
  outcomes: z.record(z.string(), z.string()).optional(),
  unmet: z.array(z.string()).min(1).optional(),
  seats: z.strictObject({ held: z.array(seat), taken: seat.optional() }).optional(),
  guardian: guardianId.optional(),
  district: districtId.optional(),
  zones: z.record(z.string(), zoneId.nullable()).optional(),
  unit: z.strictObject({ id: unitId, members: z.array(childId).min(2) }).optional(),
  number: z.string().optional(),
  registeredAt: instant.optional().describe('Only of a registration: when the form was first filed'),
  frozen: z.boolean().optional(),
  schools: z.array(schoolId).optional(),
  reason: z.enum(WITHDRAWAL_REASONS).optional(),
})
