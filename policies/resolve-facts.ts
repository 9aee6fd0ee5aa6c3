import { defined } from './defined.js'
import type { Path } from './fault.js'
import type { FactTypeName, PointRow, Policy } from './language.js'
import { isFact, type Resolving } from './resolve-cond.js'
import type { RawPolicy } from './schema.js'

type RawFact = RawPolicy['facts'][string]
type RawRow = NonNullable<RawFact['table']>['rows'][number]

/** Resolves the facts; a list, sum or table that does not fit its fact is reported. */
export function resolveFacts(facts: RawPolicy['facts'], resolving: Resolving): Policy['facts'] {
  return Object.fromEntries(Object.entries(facts).map(([id, { table, ...fact }]) => {
    checkFact(id, { table, ...fact }, resolving)
    return [id, table ? { ...fact, table: resolveTable(id, table, resolving) } : fact]
  }))
}

function checkFact(id: string, { type, of, labels, sum, table }: RawFact, { names, report }: Resolving): void {
  const path = ['facts', id]
  if ((type === 'one-of') !== (of !== undefined)) {
    report(path, 'type', `${id}: a one-of, and only a one-of, lists its values`, type === 'one-of' ? 'write of: with the values' : 'leave out of:')
  }
  if (labels && !isForEach(of, labels)) report([...path, 'labels'], 'type', `${id}: labels are for the values of a one-of, one for each`, 'write one for each value of of:')
  if (sum && type !== 'number') report([...path, 'sum'], 'type', `${id}: only a number is a sum`, 'write type: number')
  if (table && type !== 'number') report([...path, 'table'], 'type', `${id}: only a number is counted by a table`, 'write type: number')
  if (sum && table) report([...path, 'table'], 'type', `${id}: has a sum and a table`, 'leave one of them out')
  for (const [index, part] of (sum ?? []).entries()) {
    const at = [...path, 'sum', index]
    if (!isFact(part, at, { names, report })) continue
    const fact = names.facts.get(part)
    if (fact?.type !== 'number') report(at, 'type', `${id}: ${part} is no number`, 'sum numbers only')
    else if (fact.sum) report(at, 'type', `${id}: ${part} is a sum itself`, 'name its parts')
  }
}

function resolveTable(id: string, { rows, 'at-most': atMost, ...said }: NonNullable<RawFact['table']>, resolving: Resolving) {
  return {
    ...said,
    ...defined({ atMost }),
    rows: rows.map((row, index) => resolveRow(id, row, ['facts', id, 'table', 'rows', index], resolving)),
  }
}

function resolveRow(id: string, row: RawRow, path: Path, resolving: Resolving): PointRow {
  const fact = isFact(row.fact, [...path, 'fact'], resolving) ? resolving.names.facts.get(row.fact) : undefined
  const wrong = fact?.type && misfit(fact, row)
  if (wrong) resolving.report(path, 'type', `${id}: ${row.fact} ${wrong}`, 'each: is for a number, points: for a yes or for every value of a one-of')
  if (!('each' in row)) return row
  const { 'at-most': atMost, ...rest } = row
  return { ...rest, ...defined({ atMost }) }
}

/** Why a row does not fit the fact it counts. */
function misfit(fact: { type?: FactTypeName; of?: string[]; sum?: unknown; table?: unknown }, row: RawRow): string | undefined {
  if (fact.sum || fact.table) return 'is counted itself; a row names a fact that somebody states'
  if ('each' in row) return fact.type === 'number' ? undefined : `is of type ${fact.type}, so there is no each`
  if (typeof row.points === 'number') return fact.type === 'yes-no' ? undefined : `is of type ${fact.type}, not yes or no`
  const { points } = row
  if (fact.type !== 'one-of') return `is of type ${fact.type} and has no values to list`
  return isForEach(fact.of, points) ? undefined : `is one of ${fact.of?.join(', ')}, and the row has points for ${Object.keys(points).join(', ')}`
}

const isForEach = (values: string[] | undefined, entries: Record<string, unknown>): boolean =>
  values?.length === Object.keys(entries).length && values.every((value) => value in entries)
