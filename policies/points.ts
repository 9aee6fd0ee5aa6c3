import type { StatedFact } from './knowledge.js'
import type { FactId, FactValue, PointRow, PointTable } from './language.js'
import type { TimelineFact } from './timeline.js'

/** What one row of a table gives a child. */
export interface ScoredRow {
  says: string
  fact: FactId
  /** Absent where nobody has stated the fact. */
  points?: number
}

/** Counts a table row by row; what it comes to is absent where a row has no points yet. */
export function score(table: Pick<PointTable, 'rows' | 'atMost'>, stated: Record<FactId, StatedFact>): { rows: ScoredRow[]; total?: number } {
  const rows = table.rows.map((row): ScoredRow => {
    const { fact, says } = row
    const known = stated[fact]
    return known ? { says, fact, points: pointsOf(row, known.value) } : { says, fact }
  })
  if (rows.some(({ points }) => points === undefined)) return { rows }
  return { rows, total: capped(rows.reduce((sum, { points }) => sum + points!, 0), table.atMost) }
}

function pointsOf(row: PointRow, value: FactValue): number {
  if ('each' in row) return capped(typeof value === 'number' ? value * row.each : 0, row.atMost)
  if (typeof row.points === 'number') return value === true ? row.points : 0
  return row.points[String(value)] ?? 0
}

const capped = (points: number, atMost = Infinity): number => Math.min(points, atMost)

/**
 * Adds what the tables and sums of a policy come to. Such a fact is stated once all its parts are, and known once all
 * of them are: one unknown part makes the whole unknown.
 */
export function addCounted(facts: Record<FactId, TimelineFact>, stated: Record<FactId, StatedFact>): void {
  const add = (id: FactId, source: 'table' | 'sum', value: number | undefined, parts: FactId[]) => {
    if (value !== undefined) stated[id] = { value, source, known: parts.every((part) => stated[part]!.known) }
  }
  const counted = Object.entries(facts)
  for (const [id, { table }] of counted) {
    if (table) add(id, 'table', score(table, stated).total, table.rows.map(({ fact }) => fact))
  }
  for (const [id, { sum }] of counted) if (sum) add(id, 'sum', total(sum, stated), sum)
}

function total(parts: FactId[], stated: Record<FactId, StatedFact>): number | undefined {
  const values = parts.map((part) => stated[part]?.value)
  return values.every((value) => typeof value === 'number') ? values.reduce((sum, value) => sum + value, 0) : undefined
}
