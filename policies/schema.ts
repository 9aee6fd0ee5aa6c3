import { z } from 'zod'
import { UNIT_OVERFLOWS } from '../contracts/rounds.js'
import {
  FACT_TYPES, MANDATORY_EFFECTS, outcomesOf, PARTIES, REVIEWERS, ROUND_METHODS, WAYS, type Outcome, type PhaseKind,
} from './language.js'

/** A policy file as it is written: kebab-case keys, names not yet resolved, unknown keys refused. */

const id = z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'write an id in lower case with dashes, such as on-site-check')
const dotted = z.string().regex(/^[a-z0-9]+(?:[-.][a-z0-9]+)*$/, 'write a fact in lower case with dots or dashes, such as household.address')
const text = z.string().trim().min(1)
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'write a day as YYYY-MM-DD')
const when = z.string().regex(/^\d{4}-\d\d-\d\d(?: \d\d:\d\d)?$/, 'write a time as YYYY-MM-DD or YYYY-MM-DD HH:MM')
const span = z.tuple([when, when], { error: 'write a window as [opens, closes]' })
const oneOrMore = <T extends z.ZodType>(item: T) =>
  z.union([item.transform((value) => [value]), z.array(item).min(1)])
const groups = oneOrMore(id)

const scalar = z.union([z.string(), z.number(), z.boolean()])
const test = z.union([
  scalar,
  z.array(scalar).min(1),
  z.strictObject({ 'at-least': z.number().optional(), above: z.number().optional() }),
  z.strictObject({ by: day.optional(), after: day.optional() }),
  z.strictObject({ in: id }),
], { error: 'a test is a value, a list of values, { at-least }, { above }, { by }, { after } or { in }' })
export type RawTest = z.output<typeof test>

export interface RawCond {
  all?: RawCond[]
  any?: RawCond[]
  not?: RawCond
  same?: string[]
  [name: string]: unknown
}
const cond: z.ZodType<RawCond> = z.lazy(() =>
  z.object({
    all: z.array(cond).min(1).optional(),
    any: z.array(cond).min(1).optional(),
    not: cond.optional(),
    same: z.array(dotted).min(2).optional(),
  }).catchall(test).refine((value) => Object.keys(value).length > 0, 'a condition names at least one test'))

const said = { source: text.optional(), reading: text.optional(), assumed: z.literal(true).optional() }
const who = z.union([z.literal('everyone'), z.literal('sent'), cond], { error: 'who is everyone, sent, or a condition' })
const effect = z.union([
  z.literal('nothing'),
  // oxlint-disable-next-line unicorn/no-thenable -- the language's own word; it holds an id and no function
  z.strictObject({ bars: z.array(id).min(1).optional(), then: id.optional(), releases: z.array(id).min(1).optional() }),
], { error: 'an effect is nothing, or says bars, then or releases' })

const choosing = { among: groups, choose: z.number().int().min(1), offered: z.enum(['all', 'seats-left']).optional() }
const amend = z.enum(['until-close', 'never'])
const twins = z.enum(['declared', 'together']).optional()
const window = { window: span }
const at = { at: when }
const ids = (item: z.ZodType<string> = id) => z.array(item).min(1)
const papers = z.array(text).min(1).optional()

/** One schema a kind. An outcome with a mandatory effect must be written, `nothing` included. */
function phase<K extends PhaseKind, S extends z.core.$ZodLooseShape>(kind: K, shape: S) {
  const mandatory: readonly Outcome[] = MANDATORY_EFFECTS[kind]
  const effects = Object.fromEntries(outcomesOf(kind).map((outcome) =>
    [outcome, mandatory.includes(outcome) ? effect : effect.optional()])) as Record<never, typeof effect>
  return z.strictObject({ id, kind: z.literal(kind), label: text.optional(), who: who.optional(), ...said, ...shape, ...effects })
}

const phases = [
  phase('registration', {
    form: id, desk: id.optional(), asks: ids(dotted).optional(), brings: papers, signed: z.literal('guardian').optional(),
    once: z.literal('city').optional(), number: z.literal('issued').optional(), replaces: id.optional(),
    among: groups.optional(), choose: choosing.choose.optional(), offered: choosing.offered,
    amend: amend.optional(), twins, ...window,
  }),
  phase('choice', { desk: id.optional(), ...choosing, amend, twins, ...window }),
  phase('check', { by: oneOrMore(id), answers: ids(dotted), ...window }),
  phase('review', {
    by: z.array(z.enum(REVIEWERS)).min(1), needs: ids().optional(), judges: ids().optional(), finds: ids(dotted).optional(),
    school: dotted.optional(), address: dotted.optional(), brings: papers, 'reported-to': z.enum(PARTIES).optional(), ...window,
  }),
  phase('round', {
    method: z.enum(ROUND_METHODS), seats: groups,
    order: z.array(z.union([id, z.record(dotted, z.enum(['earliest', 'highest']))])).min(1).optional(),
    ties: z.literal('draw').optional(), keeps: ids().optional(), 'several-schools': z.literal('draw').optional(),
    address: dotted.optional(), school: dotted.optional(), near: dotted.optional(), 'except-zone-of': dotted.optional(), 'named-by': z.enum(PARTIES).optional(),
    'run-by': z.enum(PARTIES).optional(), handover: span.optional(), twins, 'last-seat': z.enum(UNIT_OVERFLOWS).optional(),
    approval: z.literal('four-eyes').optional(), ...at,
  }),
  phase('notice', { paper: id, of: ids().optional(), 'takes-up': z.literal(true).optional(), ...at }),
  phase('result', { of: ids(), key: ids(dotted).optional(), ...window }),
  phase('publication', {
    what: z.enum(['plan', 'vacancies', 'brochure', 'list']), of: groups, window: span.optional(), at: when.optional(),
  }),
  phase('confirmation', { of: ids().optional(), 'takes-up': z.literal(true).optional(), ...window }),
  phase('check-in', { of: ids(), exchanges: id.optional(), ...window }),
  phase('arrangement', {
    by: z.enum(PARTIES), seats: groups, records: z.literal(true).optional(),
    ways: z.array(z.enum(WAYS)).min(1).optional(), ...window,
  }),
  phase('closing', { ends: id, says: text.optional(), ...at }),
] as const

const row = z.union([
  z.strictObject({ fact: dotted, says: text, each: z.number(), 'at-most': z.number().optional() }),
  z.strictObject({ fact: dotted, says: text, points: z.union([z.number(), z.record(id, z.number())]) }),
], { error: 'a row says each: for a number, or points: for a yes or for each value' })

const fact = z.strictObject({
  type: z.enum(FACT_TYPES),
  label: text.optional(),
  of: z.array(id).min(2).optional(),
  labels: z.record(id, text).optional(),
  from: z.enum(['roster', 'season']).optional(),
  sum: ids(dotted).optional(),
  table: z.strictObject({ rows: z.array(row).min(1), 'at-most': z.number().optional(), says: text, ...said }).optional(),
})

export const policySchema = z.strictObject({
  policy: id,
  version: z.number().int().min(1),
  timezone: text,
  seed: text.optional(),
  children: z.union([z.literal('everyone'), cond], { error: 'children is everyone or a condition' }),
  groups: z.record(id, cond),
  places: z.record(id, z.strictObject({ label: text, addresses: z.literal('from-registry') })).optional(),
  facts: z.record(dotted, fact),
  rules: z.record(id, z.strictObject({ needs: cond, says: text, ...said })),
  phases: z.array(z.discriminatedUnion('kind', phases)).min(1),
})
export type RawPolicy = z.output<typeof policySchema>
export type RawPhase = RawPolicy['phases'][number]
