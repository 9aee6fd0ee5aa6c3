import { z } from 'zod'
import type { Timeline } from '../../policies/timeline.js'
import { PHASE_KINDS } from '../../policies/language.js'
import * as c from './common.js'
import { endpoint } from './endpoint.js'

/** A compiled timeline; whoever makes one has checked it, and its hash pins it. */
export const timeline = z.custom<Timeline>((value) => {
  const { policy, phases } = (value ?? {}) as Partial<Timeline>
  return typeof policy?.hash === 'string' && typeof policy.id === 'string' && Array.isArray(phases)
}, 'a compiled timeline')

/** What an owner found when it closed a phase. */
export const phaseClose = z.strictObject({
  phase: c.phaseId,
  closedAt: c.instant,
  count: z.number().int().describe('Children with a live outcome'),
  digest: z.string().describe('SHA-256 over a line `child revision` for each of them'),
})

/** A phase's window as its owner holds it. */
export const phaseWindow = z.strictObject({
  phase: c.phaseId,
  kind: z.enum(PHASE_KINDS),
  opensAt: c.instant,
  closesAt: c.instant,
  closed: phaseClose.optional(),
})

const seasonView = z.strictObject({
  season: c.seasonId,
  policyHash: z.string(),
  state: z.enum(['open', 'closed']),
  windows: z.array(phaseWindow),
})

const outcomeAnswer = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('open'), closesAt: c.instant }),
  z.strictObject({ state: z.literal('closed'), facts: z.array(c.childFact) }),
])

const READERS = { service: 'any', city: 'any', district: 'any', ops: 'any' } as const

/** What every service that owns phases answers about its seasons; each serves them at its own address. */
export const seasonEndpoints = {
  installSeason: endpoint({
    id: 'installSeason',
    method: 'PUT',
    path: '/seasons/:season',
    summary: 'Installs a season with its timeline; the service takes the windows of the phases it owns',
    roles: { service: 'any' },
    params: c.inSeason,
    query: c.noQuery,
    body: z.strictObject({ timeline }),
    response: seasonView,
    status: 200,
    refusals: ['different-season', 'unknown-authority'],
  }),
  getSeason: endpoint({
    id: 'getSeason',
    method: 'GET',
    path: '/seasons/:season',
    summary: 'The season here: policy hash, state and the windows this service owns',
    roles: READERS,
    params: c.inSeason,
    query: c.noQuery,
    body: 'none',
    response: seasonView,
    status: 200,
    refusals: ['unknown-season'],
  }),
  getTimeline: endpoint({
    id: 'getTimeline',
    method: 'GET',
    path: '/seasons/:season/timeline',
    summary: 'The season’s timeline as it was installed',
    roles: READERS,
    params: c.inSeason,
    query: c.noQuery,
    body: 'none',
    response: z.strictObject({ timeline }),
    status: 200,
    refusals: ['unknown-season'],
  }),
  listPhases: endpoint({
    id: 'listPhases',
    method: 'GET',
    path: '/seasons/:season/phases',
    summary: 'The windows this service owns, the truth about their deadlines',
    roles: {},
    params: c.inSeason,
    query: c.noQuery,
    body: 'none',
    response: z.strictObject({ windows: z.array(phaseWindow) }),
    status: 200,
    refusals: ['unknown-season'],
  }),
  extendPhase: endpoint({
    id: 'extendPhase',
    method: 'POST',
    path: '/seasons/:season/phases/:phase/extension',
    summary: 'Moves the end of a running window later',
    roles: { service: 'any' },
    params: c.ofPhase,
    query: c.noQuery,
    body: z.strictObject({ closesAt: c.instant }),
    response: phaseWindow,
    status: 200,
    refusals: ['unknown-season', 'unknown-phase', 'extension-refused'],
  }),
  closePhase: endpoint({
    id: 'closePhase',
    method: 'POST',
    path: '/seasons/:season/phases/:phase/close',
    summary: 'Closes a phase, once; the same answer every time',
    roles: { service: 'any' },
    params: c.ofPhase,
    query: c.noQuery,
    body: 'none',
    response: phaseClose,
    status: 200,
    refusals: ['unknown-season', 'unknown-phase', 'still-open', 'not-yet'],
  }),
  getOutcome: endpoint({
    id: 'getOutcome',
    method: 'GET',
    path: '/seasons/:season/phases/:phase/children/:child/outcome',
    summary: 'After the close the facts this service knows of the child; before it until when the phase is open',
    roles: { service: 'any' },
    params: c.ofPhaseAndChild,
    query: c.noQuery,
    body: 'none',
    response: outcomeAnswer,
    status: 200,
    refusals: ['unknown-season', 'unknown-phase', 'not-yet'],
  }),
  closeSeason: endpoint({
    id: 'closeSeason',
    method: 'POST',
    path: '/seasons/:season/closing',
    summary: 'Marks the season closed here; facts that come later are recorded as late',
    roles: { service: 'any' },
    params: c.inSeason,
    query: c.noQuery,
    body: 'none',
    response: seasonView,
    status: 200,
    refusals: ['unknown-season'],
  }),
}
