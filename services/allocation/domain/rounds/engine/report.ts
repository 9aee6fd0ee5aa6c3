import type { Fault } from '../../../../../contracts/problems.js'
import { jsonPointer } from '../../../../../platform/faults.js'

/** Takes down a fault and its place. */
export type Report = (path: readonly PropertyKey[], message: string) => void

/** The faults that a check reports. */
export function reported(check: (report: Report) => void): Fault[] {
  const faults: Fault[] = []
  check((path, message) => faults.push({ at: jsonPointer(path), message }))
  return faults
}

/**
 * Reports whatever stands in a list a second time.
 * @returns what stands in it
 */
export function reportRepeated(report: Report, names: Iterable<string | undefined>, path: (index: number) => PropertyKey[]): Set<string | undefined> {
  const seen = new Set<string | undefined>()
  let index = 0
  for (const name of names) {
    const before = seen.size
    if (seen.add(name).size === before && name !== undefined) report(path(index), `${name} is there before`)
    index += 1
  }
  return seen
}
