import { z } from 'zod'
import * as c from './common.js'
import { endpoint } from './endpoint.js'

export const paper = z.strictObject({
  number: z.string(),
  child: c.childId,
  kind: z.enum(['place-notice', 'admission-letter', 'result', 'arrangement', 'end', 'reminder']),
  phase: c.phaseId,
  school: c.schoolId.optional(),
  state: z.enum(['issued', 'exchanged', 'void']),
  issuedAt: c.instant,
})

/** `skipped`: the family gave no address for this channel, or has left the season. */
export const messageState = z.enum(['queued', 'sent', 'failed', 'skipped'])

export const notificationEndpoints = {
  issuePaper: endpoint({
    id: 'issuePaper',
    method: 'PUT',
    path: '/seasons/:season/children/:child/papers/:phase/:kind',
    summary: 'Issues a numbered paper once and tells the family; called by the child’s workflow',
    roles: { service: 'any' },
    params: z.strictObject({ season: c.seasonId, child: c.childId, phase: c.phaseId, kind: paper.shape.kind }),
    query: c.noQuery,
    body: z.strictObject({ school: c.schoolId.optional(), exchanges: z.boolean().default(false).describe('The place notice, if any, is exchanged for this paper') }),
    response: paper,
    status: 200,
    refusals: ['unknown-season', 'unknown-phase'],
  }),
  listPapers: endpoint({
    id: 'listPapers',
    method: 'GET',
    path: '/seasons/:season/children/:child/papers',
    summary: 'The papers of a child',
    roles: { guardian: 'own', district: 'own', city: 'any', service: 'any' },
    params: c.ofChild,
    query: c.noQuery,
    body: 'none',
    response: z.strictObject({ papers: z.array(paper) }),
    status: 200,
    refusals: ['unknown-child'],
  }),
  readPaper: endpoint({
    id: 'readPaper',
    method: 'GET',
    path: '/seasons/:season/children/:child/papers/:phase/:kind/text',
    summary: 'The text of a paper in one language, with the personal data it must show, made when asked',
    roles: { guardian: 'own', district: 'own' },
    params: z.strictObject({ season: c.seasonId, child: c.childId, phase: c.phaseId, kind: paper.shape.kind }),
    query: z.strictObject({ language: z.enum(['zh', 'en']).default('zh') }),
    body: 'none',
    response: z.strictObject({ number: z.string(), subject: z.string(), text: z.string() }),
    status: 200,
    refusals: ['not-found', 'not-yet'],
  }),
  listMessages: endpoint({
    id: 'listMessages',
    method: 'GET',
    path: '/seasons/:season/messages',
    summary: 'Messages by state, without addresses',
    roles: { ops: 'any', city: 'any' },
    params: c.inSeason,
    query: z.strictObject({ state: messageState.optional(), ...c.paging }),
    body: 'none',
    response: z.strictObject({
      messages: z.array(z.strictObject({ id: z.string(), child: c.childId, channel: z.enum(['email', 'sms']), state: messageState, attempts: z.number().int(), paper: z.string() })),
      next: z.string().optional(),
    }),
    status: 200,
    refusals: ['unknown-season'],
  }),
} as const
