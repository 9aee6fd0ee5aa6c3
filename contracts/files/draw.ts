import { z } from 'zod'
import { DRAW_FORMAT, type DrawTranscript, type InclusionProof } from '../draw.js'
import { resultFile, roundOf } from './round.js'

const text = z.string().regex(/^[ -~]{1,200}$/, 'A text of a draw has 1 to 200 printable ASCII characters')
const witnessName = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,200}$/u, 'The name of a witness has 1 to 200 characters, and no control characters')
const prose = z.string().regex(/^(\n|[^\p{Cc}\p{Cs}])+$/u, 'A prose text has at least one character, and no control characters but line feeds')
const hexOf = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`), `Not ${bytes} bytes in lower-case hexadecimal`)
const hash = hexOf(32)
const hex = z.string().regex(/^([0-9a-f]{2})+$/, 'Not in lower-case hexadecimal, two digits a byte')
const instant = z.string().refine(isInstant, 'Not an instant such as 2026-03-01T08:00:00.000Z')
const count = z.number().int().min(0)

const round = roundOf({ name: text, keyName: text, keyValue: z.union([z.number().int(), text], 'A key is a whole number or a printable ASCII text') })

const group = z.strictObject({
  round: round.describe('Schools and applicants in order of their ids'),
  entries: z.array(z.strictObject({ unit: text, leaf: hash, ticket: hash.optional() })).describe('In order of units'),
  result: resultFile.optional(),
})

const step = { at: instant, previous: hash.describe('The hash of the step before'), hash: hash.describe('The digest of the step without this member') }
const implementation = z.strictObject({ name: text, version: text })

export const freezeStep = z.strictObject({
  ...step,
  previous: hash.optional().describe('The last hash of the run before'),
  draw: text,
  run: z.number().int().min(1),
  groups: z.array(z.strictObject({ id: text, count, list: hash, root: hash, schools: hash, setting: hash })),
})

export const commitStep = z.strictObject({
  ...step,
  rule: hash,
  engine: implementation,
  sources: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('witness'), name: witnessName, commitment: hash }),
        z.strictObject({ kind: z.literal('drand'), chain: hash, publicKey: hex, scheme: text, round: z.number().int().min(2) }),
      ]),
    )
    .min(1),
  revealBy: instant.optional(),
  least: count.optional(),
})

const witness = { kind: z.literal('witness'), name: witnessName }
const reveal = z.strictObject({
  ...step,
  parts: z.array(
    z.union([
      z.strictObject({ ...witness, at: instant, secret: hash }),
      z.strictObject({ ...witness, absent: z.literal(true) }),
      z.strictObject({ kind: z.literal('drand'), round: z.number().int().min(2), signature: hex, previousSignature: hex.optional(), randomness: hash }),
    ]),
  ),
})

const draw = z.strictObject({ ...step, after: hash.optional(), groups: z.array(z.strictObject({ id: text, seed: hash, result: hash })) })

const check = z.strictObject({
  ...step,
  by: z.array(implementation).describe('Of at least two different names'),
  groups: z.array(
    z.discriminatedUnion('agreed', [z.strictObject({ id: text, agreed: z.literal(true) }), z.strictObject({ id: text, agreed: z.literal(false), alarm: prose })]),
  ),
})

/** Schema of `DrawTranscript` in `contracts/draw.ts`. What it cannot say, `ruxue verify` checks as well. */
export const drawFile = z.strictObject({
  format: z.literal(DRAW_FORMAT),
  rule: prose,
  groups: z.array(group).min(1),
  freeze: freezeStep,
  commit: commitStep.optional(),
  reveal: reveal.optional(),
  draw: draw.optional(),
  check: check.optional(),
  publish: z.strictObject(step).optional(),
}) satisfies z.ZodType<DrawTranscript>

/** Schema of `InclusionProof` in `contracts/draw.ts`. The platform's answer has more members, which are not looked at. */
export const inclusionProof = z.object({ line: prose, index: count, path: z.array(hash) }) satisfies z.ZodType<InclusionProof>

function isInstant(value: string): boolean {
  const ms = Date.parse(value)
  return !Number.isNaN(ms) && new Date(ms).toISOString() === value
}
