import { roundFile } from '../../../../../contracts/files/round.js'
import type { Fault } from '../../../../../contracts/problems.js'
import type { RoundFile } from '../../../../../contracts/rounds.js'
import { faultsOf } from '../../../../../platform/faults.js'
import { readDraft } from './draft.js'
import { checkRound } from './faults.js'
import { reported } from './report.js'

/**
 * Reads a round from parsed JSON.
 * @returns the round, or every fault it has, each with its JSON pointer
 */
export function readRound(input: unknown): { round: RoundFile; faults?: never } | { faults: Fault[]; round?: never } {
  const { data: round, error } = roundFile.safeParse(input)
  const misshapen = error ? faultsOf(error) : []
  const places = new Set(misshapen.map(({ at }) => at))
  const others = reported((report) => checkRound(round ?? readDraft(input), report)).filter(({ at }) => !isWithin(at, places))
  const faults = [...misshapen, ...others]
  return round && faults.length === 0 ? { round } : { faults }
}

/** Whether a pointer leads to one of some places, or below one. */
function isWithin(at: string, places: ReadonlySet<string>): boolean {
  const steps = at.split('/')
  return steps.some((_, last) => places.has(steps.slice(0, last + 1).join('/')))
}
