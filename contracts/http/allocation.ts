import { z } from 'zod'
import * as c from './common.js'
import { endpoint } from './endpoint.js'
import { proposalEndpoints } from './proposals.js'

/** Metres on a grid of the city’s own. */
const GRID_METRES = 1_000_000
const coordinate = z.number().int().min(-GRID_METRES).max(GRID_METRES)
export const location = z.strictObject({ x: coordinate, y: coordinate }).describe('Metres on the city’s grid')

export const school = z.strictObject({
  id: c.schoolId,
  name: z.string(),
  district: c.districtId,
  /** The facts groups of the policy read, such as type: public. */
  facts: z.record(z.string(), c.factValue).describe('school.* facts without the prefix'),
  plan: z.number().int().min(0),
  location: location.optional(),
})

/** Addresses of one street: all numbers, or a range, or only odd or even ones of it. */
export const addressRule = z.strictObject({
  district: c.districtId,
  street: z.string(),
  from: z.number().int().optional(),
  to: z.number().int().optional(),
  parity: z.enum(['odd', 'even']).optional(),
})

export const zone = z.strictObject({
  id: c.zoneId,
  district: c.districtId,
  schools: z.array(c.schoolId).min(1).describe('Several where the zone is shared (多校划片); the first one reviews'),
  addresses: z.array(addressRule).min(1),
  location: location.optional().describe('Where its addresses are, for placements near home'),
})

export const district = z.strictObject({ id: c.districtId, name: z.string() })

/** The season’s data beside its policy. */
export const catalogue = z.strictObject({ districts: z.array(district).min(1), schools: z.array(school).min(1), zones: z.array(zone) })

export const schoolView = z.strictObject({
  ...school.shape,
  held: z.number().int().optional().describe('Published seats not taken yet; for the bureau and the platform'),
  taken: z.number().int().optional().describe('For the bureau and the platform'),
  free: z.number().int().optional().describe('What is left: for the bureau and the platform as it is, for all others as last published'),
})

export const roundState = z.enum(['planned', 'frozen', 'decided', 'published'])
export const roundRecord = z.strictObject({
  season: c.seasonId,
  phase: c.phaseId,
  state: roundState,
  units: z.number().int().optional(),
  children: z.number().int().optional(),
  listHash: z.string().optional().describe('SHA-256 of the canonical frozen list, stored before the seed exists'),
  run: z.number().int().optional().describe('The run that decided it'),
  inputDigest: c.inputDigest.optional().describe('Of what that run was decided from, as ruxue.result.v1 has it'),
  seed: z.string().optional().describe('Hex; only after the freeze'),
  admitted: z.number().int().optional(),
  notAdmitted: z.number().int().optional(),
  frozenAt: c.instant.optional(),
  decidedAt: c.instant.optional(),
  publishedAt: c.instant.optional(),
})

export const placeView = z.strictObject({
  child: c.childId,
  revision: z.number().int(),
  held: z.array(c.seat),
  taken: c.seat.optional(),
  outcomes: z.record(z.string(), z.string()),
})

const childFactAnswer = z.strictObject({ fact: c.childFact })

export const allocationEndpoints = {
  ...proposalEndpoints,
  putCatalogue: endpoint({
    id: 'putCatalogue',
    method: 'PUT',
    path: '/seasons/:season/catalogue',
    summary: 'Sets districts, schools with their plans and zones; a plan may change until the first round froze',
    roles: { city: 'any', ops: 'any' },
    params: c.inSeason,
    query: c.noQuery,
    body: catalogue,
    response: z.strictObject({ schools: z.number().int(), zones: z.number().int(), seats: z.number().int() }),
    status: 200,
    refusals: ['unknown-season', 'round-conflict', 'unknown-school'],
  }),
  listSchools: endpoint({
    id: 'listSchools',
    method: 'GET',
    path: '/seasons/:season/schools',
    summary: 'Schools with plan and, once published, what is left',
    roles: { guardian: 'any', school: 'any', district: 'any', city: 'any', ops: 'any', service: 'any' },
    params: c.inSeason,
    query: z.strictObject({ district: c.districtId.optional(), limit: z.coerce.number().int().min(1).max(5000).default(500), cursor: z.string().optional() }),
    body: 'none',
    response: z.strictObject({ schools: z.array(schoolView), next: z.string().optional() }),
    status: 200,
    refusals: ['unknown-season'],
  }),
  choose: endpoint({
    id: 'choose',
    method: 'PUT',
    path: '/seasons/:season/choices/:phase/children/:child',
    summary: 'Chooses schools in a choice phase, or changes the choice until it closes',
    roles: { guardian: 'own', district: 'own' },
    params: c.ofPhaseAndChild,
    query: c.noQuery,
    body: z.strictObject({ schools: z.array(c.schoolId).min(1).max(20), revision: z.number().int().optional() }),
    response: z.strictObject({ child: c.childId, phase: c.phaseId, schools: z.array(c.schoolId), revision: z.number().int(), receivedAt: c.instant }),
    status: 200,
    refusals: ['unknown-phase', 'unknown-child', 'window-not-open', 'window-closed', 'not-eligible', 'choice-not-offered', 'too-many-choices', 'not-amendable', 'stale-revision', 'withdrawn'],
  }),
  freezeRound: endpoint({
    id: 'freezeRound',
    method: 'POST',
    path: '/seasons/:season/rounds/:phase/freeze',
    summary: 'Fixes who takes part; not yet while a phase it reads is open or the copy of its outcomes is behind',
    roles: { service: 'any' },
    params: c.ofPhase,
    query: c.noQuery,
    body: z.strictObject({ expects: z.array(z.strictObject({ phase: c.phaseId, count: z.number().int(), digest: z.string() })).describe('What the owners said at their closes') }),
    response: roundRecord,
    status: 200,
    refusals: ['unknown-phase', 'not-yet', 'round-conflict'],
  }),
  decideRound: endpoint({
    id: 'decideRound',
    method: 'POST',
    path: '/seasons/:season/rounds/:phase/decision',
    summary: 'Draws and decides the frozen round once; nobody sees the result before it is published',
    roles: { service: 'any' },
    params: c.ofPhase,
    query: c.noQuery,
    body: c.noBody,
    response: roundRecord,
    status: 200,
    refusals: ['unknown-phase', 'round-conflict'],
  }),
  publishRound: endpoint({
    id: 'publishRound',
    method: 'POST',
    path: '/seasons/:season/rounds/:phase/publication',
    summary: 'Publishes the next batch of outcomes; again until none is left',
    roles: { service: 'any' },
    params: c.ofPhase,
    query: c.noQuery,
    body: z.strictObject({ limit: z.number().int().min(1).max(10_000) }),
    response: z.strictObject({ published: z.number().int(), left: z.number().int() }),
    status: 200,
    refusals: ['unknown-phase', 'round-conflict', 'embargoed'],
  }),
  getRound: endpoint({
    id: 'getRound',
    method: 'GET',
    path: '/seasons/:season/rounds/:phase',
    summary: 'The record of a round',
    roles: { district: 'any', city: 'any', ops: 'any', service: 'any' },
    params: c.ofPhase,
    query: c.noQuery,
    body: 'none',
    response: roundRecord,
    status: 200,
    refusals: ['unknown-phase'],
  }),
  publishVacancies: endpoint({
    id: 'publishVacancies',
    method: 'POST',
    path: '/seasons/:season/phases/:phase/publication',
    summary: 'Publishes plans or vacancies of a publication phase, once',
    roles: { service: 'any' },
    params: c.ofPhase,
    query: c.noQuery,
    body: c.noBody,
    response: z.strictObject({ schools: z.number().int(), seats: z.number().int() }),
    status: 200,
    refusals: ['unknown-phase', 'not-yet'],
  }),
  getResult: endpoint({
    id: 'getResult',
    method: 'GET',
    path: '/seasons/:season/results/:phase/children/:child',
    summary: 'A child’s result in a result phase, from its opening to its close',
    roles: { guardian: 'own', district: 'own', city: 'any' },
    params: c.ofPhaseAndChild,
    query: c.noQuery,
    body: 'none',
    response: z.strictObject({ child: c.childId, results: z.array(z.strictObject({ round: c.phaseId, outcome: z.enum(['admitted', 'not-admitted']), school: c.schoolId.optional() })) }),
    status: 200,
    refusals: ['unknown-phase', 'embargoed', 'window-closed', 'not-found'],
  }),
  checkIn: endpoint({
    id: 'checkIn',
    method: 'PUT',
    path: '/seasons/:season/check-ins/:phase/children/:child',
    summary: 'The school records that the child came: the held seat is taken, others are released as the policy says',
    roles: { school: 'own' },
    params: c.ofPhaseAndChild,
    query: c.noQuery,
    body: z.strictObject({ school: c.schoolId }),
    response: z.strictObject({ child: c.childId, phase: c.phaseId, school: c.schoolId, basis: c.phaseId, receivedAt: c.instant }),
    status: 200,
    refusals: ['unknown-phase', 'unknown-child', 'window-not-open', 'window-closed', 'not-eligible', 'no-seat-held', 'already-seated', 'withdrawn'],
  }),
  confirm: endpoint({
    id: 'confirm',
    method: 'PUT',
    path: '/seasons/:season/confirmations/:phase/children/:child',
    summary: 'The guardian confirms a seat in a confirmation phase',
    roles: { guardian: 'own', district: 'own' },
    params: c.ofPhaseAndChild,
    query: c.noQuery,
    body: c.noBody,
    response: z.strictObject({ child: c.childId, phase: c.phaseId, receivedAt: c.instant }),
    status: 200,
    refusals: ['unknown-phase', 'unknown-child', 'window-not-open', 'window-closed', 'not-eligible', 'no-seat-held', 'already-seated', 'withdrawn'],
  }),
  getPlace: endpoint({
    id: 'getPlace',
    method: 'GET',
    path: '/seasons/:season/children/:child/place',
    summary: 'Published seats and outcomes of a child',
    roles: { guardian: 'own', district: 'own', city: 'any', service: 'any' },
    params: c.ofChild,
    query: c.noQuery,
    body: 'none',
    response: placeView,
    status: 200,
    refusals: ['unknown-child'],
  }),
  listPlaces: endpoint({
    id: 'listPlaces',
    method: 'GET',
    path: '/seasons/:season/schools/:school/children',
    summary: 'Children with a published seat at a school',
    roles: { school: 'own', city: 'any' },
    params: z.strictObject({ season: c.seasonId, school: c.schoolId }),
    query: z.strictObject(c.paging),
    body: 'none',
    response: z.strictObject({ children: z.array(z.strictObject({ child: c.childId, basis: c.phaseId, state: z.enum(['held', 'taken']) })), next: z.string().optional() }),
    status: 200,
    refusals: ['unknown-school'],
  }),
  arrange: endpoint({
    id: 'arrange',
    method: 'PUT',
    path: '/seasons/:season/children/:child/arrangement',
    summary: 'Takes a real vacancy for a child of the arrangement desk; called by the child’s workflow',
    roles: { service: 'any' },
    params: c.ofChild,
    query: c.noQuery,
    body: z.strictObject({
      phase: c.phaseId.describe('The arrangement phase whose case this is'),
      school: c.schoolId,
      way: c.seatedWay.optional().describe('One of the phase’s ways; without it a seat like any other'),
      officer: z.string(),
      reason: c.reasonText,
    }),
    response: childFactAnswer,
    status: 200,
    refusals: ['round-conflict', 'unknown-phase', 'unknown-child', 'unknown-school', 'school-full', 'already-seated', 'withdrawn', 'choice-not-offered', 'way-not-offered'],
  }),
  release: endpoint({
    id: 'release',
    method: 'POST',
    path: '/seasons/:season/children/:child/release',
    summary: 'Releases every seat of a child that left; called by the child’s workflow, idempotent',
    roles: { service: 'any' },
    params: c.ofChild,
    query: c.noQuery,
    body: c.noBody,
    response: childFactAnswer,
    status: 200,
    refusals: ['unknown-child'],
  }),
} as const
