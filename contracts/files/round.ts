import { z } from 'zod'
import { inputDigest } from '../http/common.js'
import { DIRECTIONS, MECHANISMS, REASONS, RESULT_FORMAT, ROUND_FORMAT, UNIT_OVERFLOWS, type Reason, type ResultFile, type RoundFile } from '../rounds.js'

export const name = z.string().regex(/^[^\p{Cc}\p{Cs}]+$/u, 'A name has at least one character, and no control characters')
export const seats = z.number().int('Seats are a whole number').min(0, 'Seats cannot be negative')
export const seed = z.string().regex(/^([0-9a-fA-F]{2})+$/, 'A seed is hexadecimal, two digits a byte')
const choice = z.number().int().min(1)

/** What a round may have as names of its own, as names of keys and as their values. */
export interface RoundParts {
  name: z.ZodType<string>
  keyName: z.ZodType<string, string>
  keyValue: z.ZodType<number | string>
}

/** The schema of a round with given parts; a transcript of a draw allows fewer of them. */
export const roundOf = (parts: RoundParts) =>
  z.strictObject({
    format: z.literal(ROUND_FORMAT),
    id: parts.name,
    mechanism: z.enum(MECHANISMS),
    schools: z.array(
      z.strictObject({
        id: parts.name,
        plan: seats.describe('Seats to give'),
        classes: z
          .array(z.strictObject({ id: parts.name, seats: seats.optional().describe('Seats of its own; without, it comes first on every seat') }))
          .optional()
          .describe('Classes of applicants, the first before the next; who is of none of them is the rest'),
      }),
    ),
    applicants: z.array(
      z.strictObject({
        id: parts.name,
        choices: z.array(z.string()).describe('Schools in order of preference'),
        class: parts.name.optional(),
        unit: parts.name.optional().describe('Twins and more who are to be treated as one'),
        keys: z.record(parts.keyName, parts.keyValue).optional(),
      }),
    ),
    orders: z
      .record(
        z.string(),
        z.discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('lottery') }),
          z.strictObject({ kind: z.literal('listed'), ids: z.array(z.string()).describe('Applicants, the best claim first') }),
          z.strictObject({
            kind: z.literal('ranked'),
            by: z.array(z.strictObject({ key: parts.keyName, direction: z.enum(DIRECTIONS) })).min(1, 'A ranked order needs a key'),
          }),
        ]),
      )
      .describe('By school, and `default` for schools without one'),
    unitOverflow: z.enum(UNIT_OVERFLOWS).optional().describe('`skip` unless said'),
  })

/** Schema of `RoundFile` in `contracts/rounds.ts`. What it cannot say, `ruxue allocate` checks as well. */
export const roundFile = roundOf({ name, keyName: z.string(), keyValue: z.union([z.number(), z.string()], 'A key is a number or a text') }).extend({
  seed: seed.optional().describe('Needed where tickets are'),
}) satisfies z.ZodType<RoundFile>

/** Schema of `ResultFile` in `contracts/rounds.ts`. */
export const resultFile = z.strictObject({
  format: z.literal(RESULT_FORMAT),
  round: name,
  inputDigest,
  assignments: z.array(
    z.strictObject({
      applicant: name,
      school: z.string().nullable(),
      choice: choice.nullable().describe('1 for the first choice'),
      reason: z.enum(Object.keys(REASONS) as [Reason, ...Reason[]]).describe(Object.entries(REASONS).map(([key, says]) => `${key}: ${says}`).join(' ')),
    }),
  ),
  reserves: z.record(z.string(), z.array(z.string())).describe('By school: who would rather be there, the best claim first'),
}) satisfies z.ZodType<ResultFile>
