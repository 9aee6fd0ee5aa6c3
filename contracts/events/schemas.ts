import { z } from 'zod'
import { ROUTES, STATUSES } from '../enrollment.js'
import { WITHDRAWAL_REASONS } from '../facts.js'
import { commitStep, freezeStep } from '../files/draw.js'
import * as c from '../http/common.js'
import { namedPlace, school, zone } from '../http/allocation.js'
import { paper } from '../http/notification.js'
import { SERVICES } from '../ids.js'
import { EVENTS, eventType, type EventTopic, type EventType } from './types.js'

const count = z.number().int().min(0)
const digest = z.string().min(1).max(128)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'SHA-256 in hexadecimal')
const round = { season: c.seasonId, phase: c.phaseId }

/** What an owner did when it closed a phase: how many positive outcomes, and their digest. */
export const phaseClosed = z.strictObject({
  season: c.seasonId,
  phase: c.phaseId,
  closesAt: c.instant.describe('The deadline that held'),
  closedAt: c.instant.describe('When the owner closed it, after the drain'),
  count,
  digest,
})

/** How much a catalogue holds, so that whoever copies it knows when the copy is complete. */
export const catalogueSet = z.strictObject({ season: c.seasonId, schools: count, zones: count, places: count.optional() })
export const schoolOffered = z.strictObject({ season: c.seasonId, ...school.shape })
export const zoneDrawn = z.strictObject({ season: c.seasonId, ...zone.shape })
export const placeMapped = z.strictObject({ season: c.seasonId, ...namedPlace.shape })

const ofDraw = {
  ...round,
  run: z.number().int().positive().describe('From 1; a draw that had to begin again has the next'),
  supplement: z.number().int().positive().optional().describe('Of a step that was done again for groups that had been held back'),
  hash: sha256.describe('Of the step of the transcript'),
}
export const roundFrozen = z.strictObject({ ...ofDraw, units: count, children: count, listHash: sha256, freeze: freezeStep })
export const roundCommitted = z.strictObject({ ...ofDraw, commit: commitStep })
/** What was revealed stays secret until the publication: whoever has it and the list has the result. */
export const roundRevealed = z.strictObject({ ...ofDraw, absent: z.array(z.string()).describe('Witnesses who have not revealed'), enough: z.boolean() })
export const roundDecided = z.strictObject({ ...ofDraw, listHash: sha256 })
export const roundChecked = z.strictObject({ ...ofDraw, held: z.array(z.string()).describe('Groups held back: somebody must look') })
/** Of a residual round; its hash is that of the reveal, with which its ceremony ends. */
export const roundProposed = z.strictObject({ ...ofDraw, listHash: sha256, inputDigest: z.string().describe('Of what it was decided from: ruxue.residual.v1') })
/** Officers have declared the run void before anything of it was public; its hash is that of its last step. The next run follows. */
export const roundVoided = z.strictObject({ ...ofDraw, reason: c.reasonText })
export const roundPublished = z.strictObject({ ...ofDraw, admitted: count, notAdmitted: count, listHash: sha256 })
export const vacanciesPublished = z.strictObject({
  ...round,
  schools: z.array(z.strictObject({ school: c.schoolId, free: count })),
})

export const paperIssued = z.strictObject({
  season: c.seasonId,
  child: c.childId,
  number: z.string().min(1),
  kind: paper.shape.kind,
  phase: c.phaseId,
  school: c.schoolId.optional(),
  issuedAt: c.instant,
})
export const paperExchanged = z.strictObject({
  season: c.seasonId,
  child: c.childId,
  number: z.string().min(1).describe('The paper handed in'),
  for: z.string().min(1).describe('The paper given for it'),
  exchangedAt: c.instant,
})
const message = {
  season: c.seasonId,
  child: c.childId,
  id: z.string().min(1),
  channel: z.enum(['email', 'sms']),
  paper: z.string().min(1).describe('Number of the paper the message is about'),
  attempts: z.number().int().min(1),
}
export const messageSent = z.strictObject({ ...message, sentAt: c.instant })
export const messageFailed = z.strictObject({ ...message, failedAt: c.instant, cause: z.string().max(500) })

const epochMs = z.number().int().min(0).describe('Milliseconds since the epoch')

export const arrangementCase = z.strictObject({
  phase: c.phaseId,
  cause: z.union([
    z.strictObject({ outcome: z.string(), of: c.phaseId }),
    z.strictObject({ flaggedBy: z.string(), reason: z.string() }),
    z.strictObject({ noSeat: z.literal(true) }),
  ]),
  openedAt: epochMs,
})
export const endState = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('enrolled'), route: z.enum(ROUTES), round: c.phaseId, school: c.schoolId }),
  z.strictObject({ kind: z.literal('arranged'), phase: c.phaseId, school: c.schoolId }),
  z.strictObject({ kind: z.literal('inclusive-class'), phase: c.phaseId, school: c.schoolId }),
  z.strictObject({ kind: z.literal('home-teaching'), phase: c.phaseId, school: c.schoolId }),
  z.strictObject({ kind: z.literal('deferral'), phase: c.phaseId, reason: z.string().min(1) }),
  z.strictObject({ kind: z.literal('withdrawn'), reason: z.enum(WITHDRAWAL_REASONS) }),
  z.strictObject({ kind: z.literal('ended'), phase: c.phaseId, reason: z.string().min(1) }),
])
/** Schema of `EnrollmentEvent` in `contracts/enrollment.ts`. */
export const enrollmentEvent = z.strictObject({
  season: c.seasonId,
  child: c.childId,
  district: c.districtId.optional(),
  status: z.enum(STATUSES),
  sequence: z.number().int().min(1),
  arrangement: arrangementCase.optional(),
  ended: z.strictObject({ phase: c.phaseId, reason: z.string().min(1), way: z.literal('deferral').optional() }).optional()
    .describe('What the desk or a closing phase ended the child with, before its season closes'),
  end: endState.optional(),
})

export const seasonOpened = z.strictObject({
  season: c.seasonId,
  policy: z.strictObject({ id: z.string(), version: z.number().int(), hash: z.string() }),
  opensAt: c.instant,
  closesAt: c.instant,
  phases: z.array(
    z.strictObject({
      phase: c.phaseId,
      kind: z.string(),
      owner: z.enum([...SERVICES, 'workflow']),
      opensAt: c.instant,
      closesAt: c.instant,
      publishAt: c.instant.optional().describe('A round’s results are secret until then'),
    }),
  ),
})
export const phaseExtended = z.strictObject({
  season: c.seasonId,
  phase: c.phaseId,
  closesAt: c.instant.describe('The new deadline, as its owner accepted it'),
  officer: z.string().min(1),
  reason: c.reasonText,
})
export const seasonClosed = z.strictObject({
  season: c.seasonId,
  closedAt: c.instant,
  children: count.optional().describe('Children whose workflow the season saw'),
  ends: z.record(z.string(), count).optional().describe('End state → children'),
})

const SCHEMAS = {
  registration: {
    'child-listed': c.childFact,
    'registration-filed': c.childFact,
    'registration-amended': c.childFact,
    'registration-frozen': c.childFact,
    'child-withdrawn': c.childFact,
    'phase-closed': phaseClosed,
  },
  verification: {
    'authority-answered': c.childFact,
    'case-stepped': c.childFact,
    'case-reviewed': c.childFact,
    'phase-closed': phaseClosed,
  },
  allocation: {
    'catalogue-set': catalogueSet,
    'school-offered': schoolOffered,
    'zone-drawn': zoneDrawn,
    'place-mapped': placeMapped,
    'choice-made': c.childFact,
    'choice-amended': c.childFact,
    'round-frozen': roundFrozen,
    'round-committed': roundCommitted,
    'round-revealed': roundRevealed,
    'round-decided': roundDecided,
    'round-checked': roundChecked,
    'round-proposed': roundProposed,
    'round-voided': roundVoided,
    'round-published': roundPublished,
    'place-decided': c.childFact,
    'checked-in': c.childFact,
    confirmed: c.childFact,
    'place-released': c.childFact,
    'child-arranged': c.childFact,
    'vacancies-published': vacanciesPublished,
    'phase-closed': phaseClosed,
  },
  notification: {
    'paper-issued': paperIssued,
    'paper-exchanged': paperExchanged,
    'message-sent': messageSent,
    'message-failed': messageFailed,
    'phase-closed': phaseClosed,
  },
  enrollment: {
    started: enrollmentEvent,
    'status-changed': enrollmentEvent,
    'arrangement-requested': enrollmentEvent,
    'arrangement-closed': enrollmentEvent,
    ended: enrollmentEvent,
  },
  season: {
    opened: seasonOpened,
    'phase-extended': phaseExtended,
    'phase-closed': phaseClosed,
    closed: seasonClosed,
  },
} as const satisfies { [T in EventTopic]: Record<(typeof EVENTS)[T][number], z.ZodType> }

type Schemas = {
  [T in EventTopic as `cn.ruxue.${T}.${Extract<keyof (typeof SCHEMAS)[T], string>}.v1`]: unknown
}
type SchemaOf<E extends EventType> = E extends `cn.ruxue.${infer T extends EventTopic}.${infer N}.v1`
  ? N extends keyof (typeof SCHEMAS)[T]
    ? (typeof SCHEMAS)[T][N]
    : never
  : never

/** The data of an event type. */
export type EventData<E extends EventType> = z.output<Extract<SchemaOf<E>, z.ZodType>>

/** The schema of the data of every type on the wire. */
export const EVENT_SCHEMAS = Object.fromEntries(
  (Object.keys(EVENTS) as EventTopic[]).flatMap((topic) =>
    EVENTS[topic].map((name) => [eventType(topic, name as never), (SCHEMAS[topic] as Record<string, z.ZodType>)[name]]),
  ),
) as { readonly [E in keyof Schemas & EventType]: SchemaOf<E> }

/** Data that does not fit the schema of its type, or a type that nobody declared. */
export class EventDataError extends Error {
  override readonly name = 'EventDataError'
  constructor(
    readonly type: string,
    /** Each fault with its JSON pointer; never the values. */
    readonly faults: { at: string; message: string }[],
  ) {
    super(`${type}: ${faults.map(({ at, message }) => `${at} ${message}`).join('; ')}`)
  }
}

/** Whether a type on the wire is one of ours. */
export const isEventType = (type: string): type is EventType => Object.hasOwn(EVENT_SCHEMAS, type)

/**
 * Checks the data of an event against the schema of its type.
 * @throws EventDataError with every fault and its place, or if the type is not declared
 */
export function decodeEventData<E extends EventType>(type: E, data: unknown): EventData<E>
export function decodeEventData(type: string, data: unknown): unknown
export function decodeEventData(type: string, data: unknown): unknown {
  if (!isEventType(type)) throw new EventDataError(type, [{ at: '', message: 'is not a declared event type' }])
  const parsed = (EVENT_SCHEMAS[type] as z.ZodType).safeParse(data)
  if (parsed.success) return parsed.data
  throw new EventDataError(type, parsed.error.issues.map((issue) => ({ at: `/${issue.path.join('/')}`, message: issue.message })))
}
