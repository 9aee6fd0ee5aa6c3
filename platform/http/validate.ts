import type { z } from 'zod'
import type { Fault } from '../../contracts/problems.js'
import { faultsOf } from '../faults.js'
import { problem } from '../problem.js'

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
