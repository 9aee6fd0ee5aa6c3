import { z } from 'zod'
import { WITHDRAWAL_REASONS } from '../facts.js'
import * as c from './common.js'
import { endpoint } from './endpoint.js'

/** An address as a form gives it. Personal data: it stays in registration. */
export const address = z.strictObject({
  district: c.districtId,
  street: z.string().trim().min(1).max(100),
  number: z.number().int().min(1).max(99_999),
  room: z.string().trim().max(40).default(''),
})

/** Answers of a form by fact id: addresses as objects, everything else as plain values. */
export const answers = z.record(z.string(), z.union([address, c.factValue]))

const idNumber = z.string().trim().min(15).max(18)

export const registrationView = z.strictObject({
  child: c.childId,
  form: z.string(),
  phase: c.phaseId,
  revision: z.number().int(),
  number: z.string().describe('Registration number, 预登记号'),
  receivedAt: c.instant,
  frozen: z.boolean(),
  answers,
  unit: z.strictObject({ id: c.unitId, members: z.array(c.childId) }).optional(),
})

/** What a guardian gets for every accepted submission; the rehearsal's ledger keeps it. */
export const receipt = z.strictObject({
  child: c.childId,
  phase: c.phaseId,
  number: z.string(),
  revision: z.number().int(),
  receivedAt: c.instant,
})

export const importReport = z.strictObject({
  import: z.string(),
  state: z.enum(['running', 'finished', 'interrupted']),
  rows: z.number().int().describe('Rows read so far'),
  accepted: z.number().int(),
  unchanged: z.number().int().describe('Rows of children already on the list'),
  rejected: z.number().int(),
})

export const registrationEndpoints = {
  importRoster: endpoint({
    id: 'importRoster',
    method: 'PUT',
    path: '/seasons/:season/imports/:import',
    summary: 'Imports a roster (CSV or Excel by content type), streamed; sending the same import again goes on where it stopped',
    roles: { city: 'any', ops: 'any' },
    params: z.strictObject({ season: c.seasonId, import: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/) }),
    query: c.noQuery,
    body: 'stream',
    response: importReport,
    status: 200,
    refusals: ['unknown-season', 'unreadable-file', 'import-conflict', 'unsupported-media-type'],
  }),
  getImport: endpoint({
    id: 'getImport',
    method: 'GET',
    path: '/seasons/:season/imports/:import',
    summary: 'Progress of an import',
    roles: { city: 'any', ops: 'any' },
    params: z.strictObject({ season: c.seasonId, import: z.string() }),
    query: c.noQuery,
    body: 'none',
    response: importReport,
    status: 200,
    refusals: ['not-found'],
  }),
  listImportFaults: endpoint({
    id: 'listImportFaults',
    method: 'GET',
    path: '/seasons/:season/imports/:import/faults',
    summary: 'The rejected rows with row, field and reason; never the values',
    roles: { city: 'any', ops: 'any' },
    params: z.strictObject({ season: c.seasonId, import: z.string() }),
    query: z.strictObject(c.paging),
    body: 'none',
    response: z.strictObject({
      faults: z.array(z.strictObject({ row: z.number().int(), field: z.string(), reason: z.string() })),
      next: z.string().optional(),
    }),
    status: 200,
    refusals: ['not-found'],
  }),
  listMyChildren: endpoint({
    id: 'listMyChildren',
    method: 'GET',
    path: '/seasons/:season/my-children',
    summary: 'The children of the calling guardian',
    roles: { guardian: 'any' },
    params: c.inSeason,
    query: c.noQuery,
    body: 'none',
    response: z.strictObject({
      children: z.array(z.strictObject({ child: c.childId, name: z.string(), district: c.districtId, number: z.string().optional() })),
    }),
    status: 200,
    refusals: ['unknown-season'],
  }),
  addChild: endpoint({
    id: 'addChild',
    method: 'POST',
    path: '/seasons/:season/children',
    summary: 'A guardian’s or a desk’s entry for a child the roster does not know',
    roles: { guardian: 'any', district: 'any' },
    params: c.inSeason,
    query: c.noQuery,
    body: z.strictObject({
      name: z.string().trim().min(1).max(60),
      idNumber,
      guardianName: z.string().trim().min(1).max(60),
      guardianIdNumber: idNumber,
      phone: z.string().max(30).optional(),
      email: z.email().optional(),
      district: c.districtId,
      facts: z.record(z.string(), c.factValue).describe('The roster facts of the policy, such as stage'),
    }),
    response: z.strictObject({ child: c.childId }),
    status: 201,
    refusals: ['unknown-season', 'duplicate-child', 'forbidden', 'season-closed'],
  }),
  fileForm: endpoint({
    id: 'fileForm',
    method: 'PUT',
    path: '/seasons/:season/forms/:phase/children/:child',
    summary: 'Files a form in a registration phase, or amends it until the window closes',
    roles: { guardian: 'own', district: 'own', school: 'any' },
    params: c.ofPhaseAndChild,
    query: c.noQuery,
    body: z.strictObject({
      answers,
      revision: z.number().int().optional().describe('The revision being amended; absent: whatever stands'),
      signed: z.boolean().optional().describe('The guardian signed, where the phase asks for a signature'),
    }),
    response: receipt,
    status: 200,
    refusals: ['unknown-season', 'unknown-phase', 'unknown-child', 'unknown-field', 'window-not-open', 'window-closed', 'not-eligible', 'not-amendable', 'stale-revision', 'withdrawn', 'season-closed'],
  }),
  getForm: endpoint({
    id: 'getForm',
    method: 'GET',
    path: '/seasons/:season/forms/:phase/children/:child',
    summary: 'A filed form',
    roles: { guardian: 'own', district: 'own', city: 'any' },
    params: c.ofPhaseAndChild,
    query: c.noQuery,
    body: 'none',
    response: registrationView,
    status: 200,
    refusals: ['not-found', 'unknown-child'],
  }),
  declareTwin: endpoint({
    id: 'declareTwin',
    method: 'PUT',
    path: '/seasons/:season/children/:child/twin',
    summary: 'One side’s declaration that both children are to be treated as one; counts once both sides declared',
    roles: { guardian: 'own', district: 'own' },
    params: c.ofChild,
    query: c.noQuery,
    body: z.strictObject({ sibling: c.childId, phase: c.phaseId }),
    response: z.strictObject({ unit: c.unitId.optional().describe('Present once both sides declared'), receivedAt: c.instant }),
    status: 200,
    refusals: ['unknown-child', 'not-a-twin', 'window-not-open', 'window-closed', 'withdrawn', 'not-eligible'],
  }),
  undoTwin: endpoint({
    id: 'undoTwin',
    method: 'DELETE',
    path: '/seasons/:season/children/:child/twin',
    summary: 'Either side undoes the declaration until the window closes',
    roles: { guardian: 'own', district: 'own' },
    params: c.ofChild,
    query: z.strictObject({ phase: c.phaseId }),
    body: 'none',
    response: z.strictObject({ receivedAt: c.instant }),
    status: 200,
    refusals: ['unknown-child', 'window-not-open', 'window-closed', 'not-found'],
  }),
  withdraw: endpoint({
    id: 'withdraw',
    method: 'POST',
    path: '/seasons/:season/children/:child/withdrawal',
    summary: 'The child leaves the season; releases everything',
    roles: { guardian: 'own', district: 'own' },
    params: c.ofChild,
    query: c.noQuery,
    body: z.strictObject({ reason: z.enum(WITHDRAWAL_REASONS) }),
    response: z.strictObject({ receivedAt: c.instant }),
    status: 200,
    refusals: ['unknown-child', 'withdrawn', 'season-closed'],
  }),
  people: endpoint({
    id: 'people',
    method: 'POST',
    path: '/seasons/:season/people',
    summary: 'Personal data of some children for a stated purpose, for the platform’s own processes; every call is recorded',
    roles: { service: 'any' },
    params: c.inSeason,
    query: c.noQuery,
    body: z.strictObject({ children: z.array(c.childId).min(1).max(500), purpose: z.enum(['authority-check', 'notice', 'screen', 'message']) }),
    response: z.strictObject({
      people: z.array(
        z.strictObject({
          child: c.childId,
          name: z.string(),
          idNumber: z.string(),
          guardianName: z.string(),
          guardianIdNumber: z.string().optional().describe('Only for an authority’s check'),
          phone: z.string().optional(),
          email: z.string().optional(),
          answers,
        }),
      ),
    }),
    status: 200,
    refusals: ['unknown-season'],
  }),
} as const
