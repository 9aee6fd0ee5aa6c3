import type { z } from 'zod'
import { MANDATORY_EFFECTS } from './language.js'
import { policySchema, type RawPolicy } from './schema.js'

export interface SchemaIssue {
  path: (string | number)[]
  message: string
  fix: string
}

/** The schema's faults in a document, each at the innermost place that is wrong. */
export function schemaIssues(raw: unknown): SchemaIssue[] {
  const result = policySchema.safeParse(raw)
  return result.success ? [] : result.error.issues.flatMap((issue) => unfold(issue, [])).map((issue) => sayIfMissing(raw, issue))
}

function sayIfMissing(raw: unknown, issue: SchemaIssue): SchemaIssue {
  const key = issue.path.at(-1)
  if (key === undefined || valueAt(raw, issue.path) !== undefined) return issue
  return { ...issue, message: `${key} is missing`, fix: `write ${key}: here${isOutcome(key) ? ', nothing if it has no effect' : ''}` }
}

function valueAt(raw: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | null | undefined)?.[key], raw)
}

type Issue = z.core.$ZodIssue

function unfold(issue: Issue, parent: (string | number)[]): SchemaIssue[] {
  const path = [...parent, ...(issue.path as (string | number)[])]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key], message: `unknown key ${key}`, fix: 'leave it out, or mend its name',
    }))
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const deepest = issue.errors.reduce((best, branch) => (depthOf(branch) > depthOf(best) ? branch : best))
    if (depthOf(deepest) > 0) return deepest.flatMap((inner) => unfold(inner, path))
  }
  if (issue.code === 'invalid_union' && 'discriminator' in issue) {
    return [{ path: [...path], message: 'this kind of phase is not in the language', fix: kindHint(issue) }]
  }
  const key = path.at(-1)
  return [{ path, message: issue.message, fix: key === undefined ? 'write a policy here' : `mend ${key}` }]
}

function kindHint(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  const kinds = (issue as { options?: unknown[] }).options?.map(String) ?? []
  return kinds.length > 0 ? `kind is one of ${kinds.join(', ')}` : 'mend its kind'
}

function isOutcome(key: string | number): boolean {
  return Object.values(MANDATORY_EFFECTS).some((outcomes: readonly (string | number)[]) => outcomes.includes(key))
}

function depthOf(issues: Issue[]): number {
  return Math.max(0, ...issues.map((issue) => {
    const inner = issue.code === 'invalid_union' ? Math.max(0, ...issue.errors.map((branch) => depthOf(branch))) : 0
    return issue.path.length + inner + (issue.code === 'unrecognized_keys' ? 1 : 0)
  }))
}

/** A policy without its malformed members, and where each phase stood in the file. */
export interface SoundPart {
  raw: RawPolicy
  phaseIndexes: number[]
}

const PLACEHOLDERS = {
  policy: 'unnamed', version: 1, timezone: 'UTC', children: 'everyone', groups: {}, places: {}, facts: {}, rules: {},
}

/** Drops what is malformed, so that the rest can be examined too. Undefined if the file is no mapping at all. */
export function soundPart(raw: unknown, issues: SchemaIssue[]): SoundPart | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined
  const broken = new Set(issues.map((issue) => issue.path.slice(0, 2).join('.')))
  const brokenWhole = new Set(issues.filter((issue) => issue.path.length === 1).map((issue) => String(issue.path[0])))
  const members = Object.entries(raw as Record<string, unknown>)
    .filter(([key]) => key in policySchema.shape && key !== 'phases' && !brokenWhole.has(key))
    .flatMap(([key, value]) => {
      if (typeof value !== 'object' || value === null || key === 'children') return issues.some((issue) => issue.path[0] === key) ? [] : [[key, value]]
      return [[key, Object.fromEntries(Object.entries(value).filter(([name]) => !broken.has(`${key}.${name}`)))]]
    })
  const phases = (raw as { phases?: unknown }).phases
  const phaseIndexes = Array.isArray(phases) ? [...phases.keys()].filter((index) => !broken.has(`phases.${index}`)) : []
  const candidate = {
    ...PLACEHOLDERS, ...Object.fromEntries(members) as object,
    phases: Array.isArray(phases) ? phaseIndexes.map((index) => phases[index] as unknown) : [],
  }
  const parsed = policySchema.partial({ phases: true }).safeParse(phaseIndexes.length > 0 ? candidate : { ...candidate, phases: undefined })
  return parsed.success ? { raw: { ...parsed.data, phases: parsed.data.phases ?? [] }, phaseIndexes } : undefined
}
