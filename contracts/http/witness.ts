import { z } from 'zod'
import { commitStep, freezeStep } from '../files/draw.js'
import * as c from './common.js'
import { endpoint } from './endpoint.js'

/** A witness's own name, as the bureau knows it: one address may stand for several. */
const name = z.string().min(1).max(200)
const secret = z.string().regex(/^[0-9a-f]{64}$/, '32 bytes in hexadecimal')

/**
 * What a witness of draws answers: another organisation, so these are served by it and called by us. Each is asked
 * again after a lost answer and then says the same.
 */
export const witnessEndpoints = {
  commit: endpoint({
    id: 'commit',
    method: 'POST',
    path: '/commitments',
    summary: 'The commitment to a secret for this freeze',
    roles: {},
    params: c.noParams,
    query: c.noQuery,
    body: z.strictObject({ name, freeze: freezeStep }),
    response: z.strictObject({ commitment: c.stepHash }),
    status: 200,
    refusals: [],
  }),
  reveal: endpoint({
    id: 'reveal',
    method: 'POST',
    path: '/reveals',
    summary: 'The secret, once the commit names the commitment',
    roles: {},
    params: c.noParams,
    query: c.noQuery,
    body: z.strictObject({ name, commit: commitStep }),
    response: z.strictObject({ secret }),
    status: 200,
    refusals: ['not-found', 'round-conflict'],
  }),
} as const
