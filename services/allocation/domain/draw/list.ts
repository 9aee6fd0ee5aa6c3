import type { DrawRound } from '../../../../contracts/draw.js'
import { canonicalJson } from '../../../../platform/crypto.js'
import { byText } from '../rounds/list.js'

/** The canonical list of a round, and what it is made of. */
export interface CanonicalList {
  /** One for each unit, in order of units. */
  lines: UnitLine[]
  /** The canonical JSON of each applicant, in their order. */
  texts: string[]
}

/** A unit, and its line in the canonical list. */
export interface UnitLine {
  unit: string
  line: string
  /** By their places in the round, which has them in order of their ids. */
  applicants: number[]
}

export function canonicalList({ applicants }: Pick<DrawRound, 'applicants'>): CanonicalList {
  const texts = applicants.map(canonicalJson)
  const alone: UnitLine[] = []
  const units = new Map<string, number[]>()
  for (const [index, { id, unit }] of applicants.entries()) {
    if (unit === undefined) alone.push({ unit: id, line: lineOf(id, texts[index]!), applicants: [index] })
    else if (units.has(unit)) units.get(unit)!.push(index)
    else units.set(unit, [index])
  }
  const together = Array.from(units, ([unit, members]): UnitLine => ({ unit, line: lineOf(unit, members.map((index) => texts[index]!).join(',')), applicants: members }))
  return { texts, lines: [...alone, ...together.sort(byUnit)].sort(byUnit) }
}

const byUnit = (a: UnitLine, b: UnitLine) => byText(a.unit, b.unit)

const lineOf = (unit: string, applicants: string): string => `[${JSON.stringify(unit)},[${applicants}]]`
