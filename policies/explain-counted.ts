import type { ExplainedFact } from './conditions.js'
import { knownValue, type Knowledge } from './knowledge.js'
import type { FactId, FactValue, PointRow } from './language.js'
import { score } from './points.js'
import type { Timeline, TimelineFact } from './timeline.js'

/** A fact that is counted from others, and how. */
export interface CountedFact {
  fact: FactId
  /** Absent as long as a part is unknown. */
  value?: FactValue
  says?: string
  atMost?: number
  parts: CountedPart[]
}

/** One line of a table, or one number of a sum. */
export interface CountedPart extends ExplainedFact {
  says?: string
  atMost?: number
  /** Absent as long as nobody has stated the fact. */
  points?: number
}

/** What the tables and sums of a policy come to for a child, line by line. */
export function explainCounted(timeline: Timeline, knowledge: Knowledge): CountedFact[] {
  return Object.entries(timeline.facts).flatMap(([fact, { sum, table }]): CountedFact[] => {
    const value = knownValue(knowledge, fact)
    const found = { fact, ...(value === undefined ? {} : { value }) }
    if (table) return [{ ...found, ...capOf(table), says: table.says, parts: partsOfTable(table, knowledge) }]
    return sum ? [{ ...found, parts: sum.map((part) => stated(part, knowledge)) }] : []
  })
}

function partsOfTable(table: NonNullable<TimelineFact['table']>, knowledge: Knowledge): CountedPart[] {
  return score(table, knowledge.facts).rows.map(({ says, fact, points }, index) => ({
    ...stated(fact, knowledge), says, ...capOf(table.rows[index]!), ...(points === undefined ? {} : { points }),
  }))
}

function stated(fact: FactId, knowledge: Knowledge): ExplainedFact {
  const known = knowledge.facts[fact]
  return known ? { fact, value: known.value, source: known.source, known: known.known } : { fact, known: false }
}

const capOf = (counts: PointRow | { atMost?: number }): { atMost?: number } =>
  ('atMost' in counts && counts.atMost !== undefined ? { atMost: counts.atMost } : {})

/** A counted fact as lines for a person. */
export function countedLines({ fact, value, says, atMost, parts }: CountedFact): string[] {
  return [
    `${fact}${says ? ` (${says})` : ''}: ${value ?? 'unknown'}${cap(atMost)}`,
    ...parts.map((part) => `  ${String(part.says ? part.points ?? '?' : part.value ?? '?').padStart(4)}  ${part.says ? `${part.says}${cap(part.atMost)} ` : ''}[${factWords(part)}]`),
    '',
  ]
}

const cap = (atMost: number | undefined): string => (atMost === undefined ? '' : `, at most ${atMost}`)

/** A fact with its value and who said it. */
export function factWords({ fact, value, source, known }: ExplainedFact): string {
  if (value === undefined) return `${fact} not stated`
  return `${fact} = ${value}${source ? ` (${source}${known ? '' : ', not yet confirmed'})` : ''}`
}
