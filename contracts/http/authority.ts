import { z } from 'zod'
import { FACT_TYPES } from '../../policies/language.js'
import { factValue, noParams, noQuery } from './common.js'
import { endpoint } from './endpoint.js'
import { address } from './registration.js'

const person = z.strictObject({ name: z.string(), idNumber: z.string() })

/** A fact the check wants answered, as the policy types it. */
export const askedFact = z.strictObject({
  fact: z.string(),
  type: z.enum(FACT_TYPES),
  of: z.array(z.string()).optional().describe('The values of a one-of'),
  declared: factValue.optional().describe('What the family declared; an address is among `addresses`'),
})

export const factAnswer = z.discriminatedUnion('says', [
  z.strictObject({
    says: z.literal('value'),
    value: factValue.describe('Of the fact’s type; `confirmed` where it is as declared; of an address only `confirmed`, or `differs`'),
  }),
  z.strictObject({ says: z.literal('none') }).describe('There is no such value: nothing is registered'),
  z.strictObject({ says: z.literal('unknown') }).describe('The authority does not know'),
])

/**
 * What an authority (police, property registry, student records and the like) is asked and answers; implemented by its
 * own system or an adapter to it, simulated locally. One contract for all: the policy says which facts each answers.
 */
export const authorityEndpoints = {
  inquire: endpoint({
    id: 'inquire',
    method: 'POST',
    path: '/inquiries',
    summary: 'What does the authority know of these facts about a child?',
    roles: {},
    params: noParams,
    query: noQuery,
    body: z.strictObject({
      reference: z.string().describe('Opaque case reference'),
      child: person,
      guardian: person.partial({ idNumber: true }),
      addresses: z.record(z.string(), address).describe('Declared addresses by fact: those asked about, or all where none is'),
      facts: z.array(askedFact).min(1),
    }),
    response: z.strictObject({
      reference: z.string(),
      answers: z.record(z.string(), factAnswer).describe('One for each fact asked'),
    }),
    status: 200,
    refusals: [],
  }),
} as const
