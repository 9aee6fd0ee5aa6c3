import type { z } from 'zod'
import type { Fault } from '../../contracts/problems.js'
import { problem } from '../problem.js'

/** A JSON pointer (RFC 6901). */
export const jsonPointer = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** Faults of a value with their places below `root`, e.g. `/body/answers/residency`. */
export function faultsOf(error: z.ZodError, root: string): Fault[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ at: jsonPointer([root, ...issue.path, key]), message: 'Unknown field' }))
    }
    return [{ at: jsonPointer([root, ...issue.path]), message: issue.message }]
  })
}

/** A part of a request with its schema. */
export interface Part {
  name: 'params' | 'query' | 'body'
  schema: z.ZodType
  value: unknown
}

/**
 * Parses all parts of a request.
 * @throws Problem `invalid-input` with every fault of every part
 */
export function validate(parts: readonly Part[]): Record<string, unknown> {
  const faults: Fault[] = []
  const values: Record<string, unknown> = {}
  for (const { name, schema, value } of parts) {
    const parsed = schema.safeParse(value)
    if (parsed.success) values[name] = parsed.data
    else faults.push(...faultsOf(parsed.error, name))
  }
  if (faults.length > 0) {
    const [first] = faults
    const more = faults.length > 1 ? ` and ${faults.length - 1} more` : ''
    throw problem('invalid-input', `${first?.at}: ${first?.message}${more}`, { faults })
  }
  return values
}
