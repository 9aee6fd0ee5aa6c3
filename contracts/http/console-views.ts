import { z } from 'zod'
import { STATUSES } from '../enrollment.js'
import { arrangementCase, endState } from '../events/schemas.js'
import { ROLES } from '../roles.js'
import * as c from './common.js'
import { ROUND_STAGES } from '../workflows.js'
import { drawStep, roundState } from './allocation.js'

const count = z.number().int().min(0)
export const status = z.enum(STATUSES)
export const statusCounts = z.partialRecord(status, count)

/** Where a season stands, counted from the console's own projection. */
export const figures = z.strictObject({
  season: c.seasonId,
  children: count,
  byStatus: statusCounts,
  byDistrict: z.record(c.districtId.or(z.literal('')), statusCounts).describe('Children whose district is not known yet are under the empty name'),
  arrangementOpen: count.describe('Open cases on the arrangement desks'),
  events: count.describe('Events of this season seen so far'),
  messages: z.strictObject({ sent: count, failed: count }),
  deadLetters: count.describe('Events nobody could consume, not yet replayed'),
})

export const seasonView = z.strictObject({
  season: c.seasonId,
  policy: z.strictObject({ id: z.string(), version: z.number().int(), hash: z.string() }),
  opensAt: c.instant,
  closesAt: c.instant,
  closedAt: c.instant.optional(),
  ends: z.record(z.string(), count).optional().describe('End state → children, once closed'),
})

export const phaseView = z.strictObject({
  phase: c.phaseId,
  kind: z.string(),
  owner: z.string(),
  state: z.enum(['upcoming', 'open', 'ended', 'closed']).describe('`ended` until the owner has closed it'),
  opensAt: c.instant,
  closesAt: c.instant.describe('The owner’s deadline, extensions included'),
  extendedFrom: c.instant.optional().describe('The deadline of the calendar, if it was extended'),
  publishAt: c.instant.optional(),
  closed: z.strictObject({ closedAt: c.instant, count, digest: z.string() }).optional(),
})

export const roundView = z.strictObject({
  phase: c.phaseId,
  state: roundState,
  units: count.optional(),
  children: count.optional(),
  listHash: z.string().optional(),
  run: count.optional().describe('From 1; a draw that had to begin again has the next'),
  step: drawStep.optional().describe('The last step of the ceremony that is done'),
  hash: z.string().optional().describe('Of the last step of the draw’s transcript'),
  held: z.array(z.string()).optional().describe('Groups held back by the check'),
  live: z.strictObject({
    stage: z.enum(ROUND_STAGES).describe('`approving`, `void`: waits for officers'),
    approvedBy: z.array(z.string()).describe('Officers who have approved, in order'),
    voidAskedBy: z.array(z.string()).optional().describe('Officers who want the run to be void, in order'),
  }).optional().describe('What the workflow of a round that has begun and is not published says; absent where it does not answer'),
  admitted: count.optional(),
  notAdmitted: count.optional(),
  frozenAt: c.instant.optional(),
  decidedAt: c.instant.optional(),
  publishedAt: c.instant.optional(),
})

export const childRow = z.strictObject({
  child: c.childId,
  name: z.string().optional().describe('Only where the caller may see it and asked for it'),
  number: z.string().optional().describe('Registration number, 预登记号'),
  district: c.districtId.optional(),
  status,
  arrangement: arrangementCase.optional(),
  end: endState.optional(),
  updatedAt: c.instant,
})

export const timelineEntry = z.strictObject({
  id: z.string().describe('The event’s id'),
  type: z.string(),
  time: c.instant,
  data: z.record(z.string(), z.unknown()).describe('The event’s data, free of personal data'),
})

/** What the child’s workflow itself answers, while it is open. */
export const liveState = z.strictObject({
  status,
  outcomes: z.record(z.string(), z.string()),
  seats: z.strictObject({
    held: z.array(c.seat),
    taken: c.seat.optional(),
  }),
  next: z.strictObject({ phase: c.phaseId, boundary: z.enum(['opens', 'closes', 'publishes']), at: c.instant }).optional(),
  arrangement: arrangementCase.optional(),
  flags: z.array(z.strictObject({ by: z.string(), reason: z.string(), at: c.instant })),
  end: endState.optional(),
})

export const arrangementCaseView = z.strictObject({
  child: c.childId,
  name: z.string().optional(),
  district: c.districtId.optional(),
  phase: c.phaseId,
  cause: arrangementCase.shape.cause,
  openedAt: c.instant,
  closedAt: c.instant.optional(),
  closedAs: status.optional().describe('The status the child left the desk with'),
})

export const deadLetter = z.strictObject({
  id: z.string(),
  topic: z.string(),
  event: z.string().optional().describe('ce_id, if the message had one'),
  type: z.string().optional(),
  season: z.string().optional(),
  consumer: z.string().describe('Whose consumer gave up'),
  cause: z.string(),
  at: c.instant,
  replayedAt: c.instant.optional(),
})

export const action = z.strictObject({
  id: z.string(),
  who: z.string(),
  role: z.enum(ROLES),
  what: z.string(),
  season: z.string().optional(),
  target: z.string().optional().describe('Child, phase or dead letter'),
  reason: z.string().optional(),
  at: c.instant,
  result: z.enum(['asked', 'done', 'refused', 'failed']).describe('`asked` while under way, or if the console died before the answer'),
  problem: z.string().optional(),
})

/** One server-sent event: figures now, or a change of the calendar. */
export const streamed = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('figures'), figures }),
  z.strictObject({ kind: z.literal('phase'), phase: c.phaseId, change: z.enum(['opened', 'extended', 'ended', 'closed']), closesAt: c.instant, at: c.instant }),
  z.strictObject({ kind: z.literal('round'), phase: c.phaseId, state: roundState, at: c.instant }),
  z.strictObject({ kind: z.literal('season'), change: z.enum(['opened', 'closed']), at: c.instant }),
])
