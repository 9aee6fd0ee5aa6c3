import { z } from 'zod'
import { OWNERS, PHASE_KINDS, type Owner, type PhaseKind } from '../../policies/language.js'
import { phaseId } from './common.js'

const epochMs = z.number().int().min(0).describe('Milliseconds since the epoch')
const span = { opensAt: epochMs, closesAt: epochMs }
const kinds = z.enum(PHASE_KINDS) as z.ZodType<PhaseKind>
const owners = z.enum([...new Set(Object.values(OWNERS))] as [Owner, ...Owner[]])

/**
 * A compiled policy as it travels: what a service needs in order to own its windows is checked here; the rules
 * inside were checked when it was compiled, and its hash stands for them.
 */
export const timeline = z.looseObject({
  policy: z.strictObject({ id: z.string().min(1), version: z.number().int(), hash: z.string().min(1) }),
  timezone: z.string(),
  calendar: z.enum(['real', 'compressed']),
  ...span,
  phases: z
    .array(z.looseObject({ id: phaseId, index: z.number().int().min(0), kind: kinds, owner: owners, ...span }))
    .min(1),
})
