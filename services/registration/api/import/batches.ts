import { createHash, type Hash } from 'node:crypto'
import type { Fault } from '../../../../contracts/problems.js'
import { problem } from '../../../../platform/problem.js'
import { readHeader, type Layout } from '../../domain/rosterColumns.js'
import { readRow, type Entry, type ReadRow, type RowRules } from '../../domain/rosterRow.js'
import { StagedRows, type Batch, type ListedRow } from '../../store/importBatch.js'
import type { ImportCursor } from '../../store/imports.js'
import type { RosterRow } from './rows.js'

const BATCH_ROWS = 5_000

/** A batch as the file gives it. */
export type ReadBatch = Omit<Batch, 'at'>

export interface Reading {
  rows: AsyncIterable<RosterRow>
  rules: Omit<RowRules, 'layout'>
  /** Where an earlier run stopped. */
  cursor: ImportCursor
  /** Gives a good row its opaque ids. */
  identify(row: number, entry: Entry): ListedRow
}

/**
 * Turns the rows of a roster into batches to store, from where the cursor stands. The rows before it are read only
 * to see that they are the same as then.
 * @throws Problem `import-conflict` if the file is another one, `unreadable-file` if its header is none
 */
export async function* readBatches({ rows, rules, cursor, identify }: Reading): AsyncGenerator<ReadBatch> {
  const content = createHash('sha256')
  let complete: RowRules | undefined
  let counted = 0
  let batch = emptyBatch()
  for await (const { row, cells } of rows) {
    if (isBlank(cells)) continue
    content.update(`${cells.join('\u001f')}\n`)
    if (!complete) {
      complete = { ...rules, layout: layoutOf(cells, rules) }
      continue
    }
    counted += 1
    if (counted <= cursor.rows) {
      if (counted === cursor.rows) refuseOther(digestOf(content) === cursor.digest)
      continue
    }
    refuseOther(!cursor.finished)
    addRow(batch, row, readRow(cells, complete), identify)
    if (batch.count < BATCH_ROWS) continue
    yield { ...batch, rows: counted, digest: digestOf(content) }
    batch = emptyBatch()
  }
  if (!complete) throw problem('unreadable-file', 'The roster is empty', { faults: [{ at: 'row 1', message: 'there is no header' }] })
  refuseOther(counted >= cursor.rows)
  if (batch.count > 0) yield { ...batch, rows: counted, digest: digestOf(content) }
}

interface OpenBatch extends Pick<Batch, 'staged' | 'faults' | 'rejected'> {
  count: number
}

const emptyBatch = (): OpenBatch => ({ staged: new StagedRows(), faults: [], rejected: 0, count: 0 })

function addRow(batch: OpenBatch, row: number, read: ReadRow, identify: Reading['identify']): void {
  batch.count += 1
  if (read.ok) {
    batch.staged.add(identify(row, read.entry))
    return
  }
  batch.rejected += 1
  for (const { field, reason } of read.faults) batch.faults.push({ row, field, reason })
}

function layoutOf(header: readonly string[], { timeline }: Reading['rules']): Layout {
  const read = readHeader(header, timeline)
  if (!('faults' in read)) return read
  const faults: Fault[] = read.faults
  throw problem('unreadable-file', `${faults[0]?.at}: ${faults[0]?.message}`, { faults })
}

/** The digest so far; the hash goes on. */
const digestOf = (content: Hash): string => content.copy().digest('hex')

const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '')

function refuseOther(isSame: boolean): void {
  if (!isSame) throw problem('import-conflict', 'This import was begun with other content; give the new content an id of its own')
}
