import { z } from 'zod'

/** A round of which any part may be missing. Every round is one. */
export interface Draft {
  mechanism?: string | undefined
  schools: DraftSchool[]
  applicants: DraftApplicant[]
  orders: Record<string, DraftOrder>
  seed?: unknown
}

export interface DraftSchool {
  id?: string | undefined
  plan?: number | undefined
  classes?: { id?: string | undefined; seats?: number | undefined }[] | undefined
}

export interface DraftApplicant {
  id?: string | undefined
  choices: (string | undefined)[]
  class?: string | undefined
  unit?: string | undefined
  keys?: Record<string, number | string | undefined> | undefined
}

export interface DraftOrder {
  kind?: string | undefined
  ids?: (string | undefined)[] | undefined
  by?: { key?: string | undefined; direction?: string | undefined }[] | undefined
}

const lenient = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined)
const text = lenient(z.string())
const number = lenient(z.number())
const texts = z.array(text).catch([])
const listOf = <T extends z.ZodObject>(entry: T) => z.array(entry.catch(() => entry.parse({}))).catch([])

const school = z.object({ id: text, plan: number, classes: lenient(listOf(z.object({ id: text, seats: number }))) })
const applicant = z.object({
  id: text, choices: texts, class: text, unit: text, keys: lenient(z.record(z.string(), lenient(z.union([z.number(), z.string()])))),
})
const order = z.object({ kind: text, ids: texts, by: listOf(z.object({ key: text, direction: text })) })
const draft = z.object({
  mechanism: text,
  schools: listOf(school),
  applicants: listOf(applicant),
  orders: z.record(z.string(), order.catch(() => order.parse({}))).catch({}),
  seed: z.unknown().optional(),
})

/** Reads as much of a round as can be read, whatever else is wrong with it; refuses nothing. */
export const readDraft = (input: unknown): Draft => draft.catch({ schools: [], applicants: [], orders: {} }).parse(input)
