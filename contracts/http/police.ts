import { z } from 'zod'
import { address } from './registration.js'
import { endpoint } from './endpoint.js'
import { noParams, noQuery } from './common.js'

/** What the public security department is asked and answers; implemented by its own system, simulated locally. */
export const policeEndpoints = {
  verifyHousehold: endpoint({
    id: 'verifyHousehold',
    method: 'POST',
    path: '/household-verifications',
    summary: 'Is this child registered at this address?',
    roles: {},
    params: noParams,
    query: noQuery,
    body: z.strictObject({ reference: z.string().describe('Opaque case reference'), name: z.string(), idNumber: z.string(), address: address.optional() }),
    response: z.strictObject({ reference: z.string(), answer: z.enum(['match', 'mismatch', 'unknown']) }),
    status: 200,
    refusals: [],
  }),
} as const
