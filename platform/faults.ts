import type { z } from 'zod'
import type { Fault } from '../contracts/problems.js'

/** A JSON pointer (RFC 6901). */
export const jsonPointer = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** Faults of a value with their places below `root`, e.g. `/body/answers/residency`. */
export function faultsOf(error: z.ZodError, ...root: string[]): Fault[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ at: jsonPointer([...root, ...issue.path, key]), message: 'Unknown field' }))
    }
    return [{ at: jsonPointer([...root, ...issue.path]), message: issue.message }]
  })
}
