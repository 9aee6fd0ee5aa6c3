import { z } from 'zod'
import { RESIDUAL_REASONS, VERDICTS, type ResidualReason } from '../residual.js'
import * as c from './common.js'
import { endpoint } from './endpoint.js'

const reason = z.enum(Object.keys(RESIDUAL_REASONS) as [ResidualReason, ...ResidualReason[]])

export const proposal = z.strictObject({
  child: c.childId,
  school: c.schoolId.nullable(),
  metres: z.number().int().min(0).nullable().describe('Null without a school, and where the distance is not known'),
  reason,
  nearer: z.array(c.schoolId).describe('The nearer schools, all full; the nearest first'),
  verdict: z.enum(VERDICTS).optional().describe('None yet: approved when the results become public'),
})

/** The proposals of a round that places children near home, and what staff say to them. */
export const proposalEndpoints = {
  listProposals: endpoint({
    id: 'listProposals',
    method: 'GET',
    path: '/seasons/:season/rounds/:phase/proposals',
    summary: 'What a decided residual round proposes, by child',
    roles: { district: 'any', city: 'any' },
    params: c.ofPhase,
    query: z.strictObject({ ...c.paging }),
    body: 'none',
    response: z.strictObject({ proposals: z.array(proposal), next: z.string().optional() }),
    status: 200,
    refusals: ['unknown-phase', 'round-conflict'],
  }),
  judgeProposals: endpoint({
    id: 'judgeProposals',
    method: 'POST',
    path: '/seasons/:season/rounds/:phase/verdicts',
    summary: 'Approves proposals, all or some, or refuses some, before the results are public; whoever is refused is not admitted',
    roles: { district: 'any', city: 'any' },
    params: c.ofPhase,
    query: c.noQuery,
    body: z.discriminatedUnion('verdict', [
      z.strictObject({ verdict: z.literal('approved'), children: z.union([z.literal('all'), z.array(c.childId).min(1).max(1_000)]), reason: c.reasonText.optional() }),
      z.strictObject({ verdict: z.literal('refused'), children: z.array(c.childId).min(1).max(1_000), reason: c.reasonText }),
    ]),
    response: z.strictObject({
      approved: z.number().int(),
      refused: z.number().int(),
      open: z.number().int().describe('Proposals for a school about which nobody has said anything'),
    }),
    status: 200,
    refusals: ['unknown-phase', 'unknown-child', 'round-conflict', 'already-decided'],
  }),
} as const
