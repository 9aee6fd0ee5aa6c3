import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { PoolClient } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

export type CopyValue = string | number | boolean | null

/**
 * Writes rows with COPY inside the connection's current transaction.
 * @param target table and columns as SQL, e.g. `staging (season, child)`
 * @returns the number of rows written
 */
export async function copyRows(
  client: PoolClient,
  target: string,
  rows: Iterable<readonly CopyValue[]> | AsyncIterable<readonly CopyValue[]>,
): Promise<number> {
  const copy = client.query(copyFrom(`COPY ${target} FROM STDIN`))
  await pipeline(Readable.from(linesOf(rows)), copy)
  return copy.rowCount
}

/**
 * Rows turned into COPY's text as they come, outside of the JavaScript heap: for bulk, where the rows themselves
 * would grow old there.
 */
export class CopyBuffer {
  rows = 0
  private readonly chunks: Buffer[] = []
  private text = ''

  add(row: readonly CopyValue[]): void {
    this.rows += 1
    this.text += copyLine(row)
    if (this.text.length >= CHUNK_CHARACTERS) this.flush()
  }

  /** Writes what was added, like `copyRows`. */
  async copyTo(client: PoolClient, target: string): Promise<number> {
    this.flush()
    const copy = client.query(copyFrom(`COPY ${target} FROM STDIN`))
    await pipeline(Readable.from(this.chunks), copy)
    return copy.rowCount
  }

  private flush(): void {
    if (this.text !== '') this.chunks.push(Buffer.from(this.text))
    this.text = ''
  }
}

/** A row in COPY's text format, with its line end. */
function copyLine(row: readonly CopyValue[]): string {
  let line = ''
  row.forEach((value, at) => { line += at === 0 ? escaped(value) : `\t${escaped(value)}` })
  return `${line}\n`
}

const CHUNK_CHARACTERS = 65_536

async function* linesOf(rows: Iterable<readonly CopyValue[]> | AsyncIterable<readonly CopyValue[]>): AsyncGenerator<string> {
  let chunk = ''
  for await (const row of rows) {
    chunk += copyLine(row)
    if (chunk.length >= CHUNK_CHARACTERS) {
      yield chunk
      chunk = ''
    }
  }
  if (chunk !== '') yield chunk
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
const ESCAPED = /[\\\t\n\r]/

function escaped(value: CopyValue): string {
  if (value === null) return '\\N'
  const text = String(value)
  return ESCAPED.test(text) ? text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character) : text
}
