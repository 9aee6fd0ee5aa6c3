import type { Caller, Role } from '../../contracts/roles.js'

export const SEASON = 'matrix-2022'
export const CHILD = `c${'m'.repeat(25)}`
export const GUARDIAN = `g${'m'.repeat(25)}`
export const DISTRICT = 'nanguan'
export const SCHOOL = 'north'

/** Whom the example child belongs to, and those who may reach everything. */
export const OWN: Record<Role, Caller> = {
  guardian: { subject: GUARDIAN, role: 'guardian' },
  school: { subject: 'reviewer', role: 'school', school: SCHOOL },
  district: { subject: 'officer', role: 'district', district: DISTRICT },
  city: { subject: 'bureau', role: 'city' },
  ops: { subject: 'operator', role: 'ops' },
  service: { subject: 'workflows', role: 'service' },
}

/** The same roles elsewhere, and with a token that does not say where. */
export const FOREIGN: Partial<Record<Role, Caller[]>> = {
  guardian: [{ subject: `g${'x'.repeat(25)}`, role: 'guardian' }],
  school: [{ subject: 'reviewer', role: 'school', school: 'south' }, { subject: 'reviewer', role: 'school' }],
  district: [{ subject: 'officer', role: 'district', district: 'erdao' }, { subject: 'officer', role: 'district' }],
}

/** Values of path parameters, by name. */
export const PARAMS: Record<string, string> = {
  season: SEASON, child: CHILD, phase: 'review', school: SCHOOL, kind: 'place-notice', import: 'roster', letter: 'none',
}

export interface Example {
  params?: Record<string, string>
  query?: Record<string, string>
  body?: unknown
}

/** Requests about the example child that fit their schemas, for every endpoint some role reaches only for its own. */
export const EXAMPLES: Record<string, Example> = {
  'registration fileForm': { params: { phase: 'register' }, body: { answers: {} } },
  'registration getForm': { params: { phase: 'register' } },
  'registration declareTwin': { body: { sibling: `c${'n'.repeat(25)}`, phase: 'register' } },
  'registration undoTwin': { query: { phase: 'register' } },
  'registration withdraw': { body: { reason: 'moved-away' } },
  'verification explainChild': {},
  'verification getCase': {},
  'verification decideCase': { body: { outcome: 'approved' } },
  'allocation choose': { params: { phase: 'private-choice' }, body: { schools: [SCHOOL] } },
  'allocation getResult': { params: { phase: 'private-result' } },
  'allocation checkIn': { params: { phase: 'public-check-in' }, body: { school: SCHOOL } },
  'allocation confirm': { params: { phase: 'register' }, body: {} },
  'allocation getInclusion': { params: { phase: 'zoning' } },
  'allocation getPlace': {},
  'allocation listPlaces': {},
  'notification listPapers': {},
  'notification readPaper': {},
  'console getChild': {},
  'console flagChild': { body: { reason: 'ill' } },
  'console arrangeChild': { body: { decision: { place: SCHOOL }, reason: 'nearest' } },
}
