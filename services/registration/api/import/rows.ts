import type { Readable } from 'node:stream'
import { problem } from '../../../../platform/problem.js'
import { csvRows } from './csv.js'
import { xlsxRows } from './xlsx.js'

/** A row of a roster file as text. */
export interface RosterRow {
  /** As counted in the file; the header is row 1. */
  row: number
  cells: string[]
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/**
 * The rows of a roster by its content type, streamed.
 * @throws Problem `unsupported-media-type`
 */
export function rosterRows(body: Readable, contentType: string | undefined): AsyncGenerator<RosterRow> {
  const [type = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim())
  const charset = parameters.find((parameter) => /^charset=/i.test(parameter))?.slice('charset='.length).replaceAll('"', '')
  switch (type.toLowerCase()) {
    case 'text/csv':
      return csvRows(body, charset)
    case XLSX:
      return xlsxRows(body)
    default:
      throw problem('unsupported-media-type', `Send a roster as text/csv or ${XLSX}`)
  }
}
