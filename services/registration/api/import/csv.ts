import { pipeline } from 'node:stream'
import type { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { problem } from '../../../../platform/problem.js'
import type { RosterRow } from './rows.js'

/** What a spreadsheet of one child's row can sensibly be long. */
const LONGEST_ROW = 64 * 1024
/** Enough to tell UTF-8 from GB18030. */
const SAMPLE_BYTES = 64 * 1024

/**
 * The rows of a CSV file as they stream in. UTF-8 with or without BOM, or GB18030 (GBK), as Chinese spreadsheet
 * programs write it: the content type's charset, else what the first bytes are.
 * @throws Problem `unreadable-file` with the row, `unsupported-media-type` for another charset
 */
export async function* csvRows(body: Readable, charset: string | undefined): AsyncGenerator<RosterRow> {
  const parser = parse({ bom: true, relax_column_count: true, skip_empty_lines: false, max_record_size: LONGEST_ROW })
  let row = 0
  pipeline(decoded(body, charset), parser, () => undefined)
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      row += 1
      yield { row, cells }
    }
  } catch (error) {
    if (!(error instanceof CsvError) && !(error instanceof TypeError)) throw error
    const at = `row ${parser.info.records + 1}`
    const reason = error instanceof CsvError ? CSV_REASONS[error.code] ?? 'is not CSV' : 'holds bytes that are not text in its encoding'
    throw problem('unreadable-file', `${at} ${reason}`, { faults: [{ at, message: reason }] })
  }
}

const CSV_REASONS: Partial<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'has a quote that is not closed',
  CSV_INVALID_CLOSING_QUOTE: 'has text behind a closing quote',
  INVALID_OPENING_QUOTE: 'has a quote in the middle of a value',
  CSV_MAX_RECORD_SIZE: 'is longer than a row can be; a quote may not be closed',
}

async function* decoded(body: Readable, charset: string | undefined): AsyncGenerator<string> {
  let decoder = charset === undefined ? undefined : decoderOf(charset)
  let sample = Buffer.alloc(0)
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    if (decoder) {
      yield decoder.decode(chunk, { stream: true })
      continue
    }
    sample = Buffer.concat([sample, chunk])
    if (sample.length < SAMPLE_BYTES) continue
    decoder = decoderOf(isUtf8(sample) ? 'utf-8' : 'gb18030')
    yield decoder.decode(sample, { stream: true })
  }
  if (decoder) yield decoder.decode()
  else yield decoderOf(isUtf8(sample) ? 'utf-8' : 'gb18030').decode(sample)
}

function decoderOf(charset: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset, { fatal: true })
  } catch {
    throw problem('unsupported-media-type', `The charset ${charset} is not understood; send UTF-8 or GB18030`)
  }
}

function isUtf8(sample: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true })
    return true
  } catch {
    return false
  }
}
