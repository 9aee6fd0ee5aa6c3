import type { DrawRound } from '../../../../contracts/draw.js'
import type { RoundApplicant } from '../../../../contracts/rounds.js'
import { canonicalJson } from '../../../../platform/crypto.js'
import { byText } from '../rounds/list.js'

/** A unit, and its line in the canonical list. */
export interface UnitLine {
  unit: string
  line: string
  /** By their places in the round, which has them in order of their ids. */
  applicants: number[]
}

/** The canonical list of a round: one line for each unit, in order of units. */
export function canonicalList({ applicants }: Pick<DrawRound, 'applicants'>): UnitLine[] {
  const units = new Map<string, number[]>()
  for (const [index, { id, unit = id }] of applicants.entries()) {
    const others = units.get(unit)
    if (others) others.push(index)
    else units.set(unit, [index])
  }
  return Array.from(units, ([unit, members]) => ({ unit, line: lineOf(unit, members.map((index) => applicants[index]!)), applicants: members })).sort((a, b) => byText(a.unit, b.unit))
}

const lineOf = (unit: string, applicants: readonly RoundApplicant[]): string => `[${JSON.stringify(unit)},[${applicants.map(canonicalJson).join(',')}]]`
