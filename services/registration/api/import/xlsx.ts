import type { Readable } from 'node:stream'
import type { RosterRow } from './rows.js'
import { Sheet } from './sheet.js'
import { firstSheet, readDateStyles, readSharedStrings, readXml } from './workbook.js'
import { openArchive } from './zip.js'

/**
 * The rows of the first sheet of an Excel workbook, read from its XML piece by piece: an object for every cell of
 * 170,000 rows would not fit the memory an import may take.
 * @throws Problem `unreadable-file`, `payload-too-large`
 */
export async function* xlsxRows(body: Readable): AsyncGenerator<RosterRow> {
  const archive = await openArchive(body)
  try {
    const sheet = new Sheet(await readSharedStrings(archive), await readDateStyles(archive))
    const part = await archive.open(await firstSheet(archive))
    for await (const _piece of readXml(part, sheet)) yield* sheet.takeRows()
  } finally {
    await archive.close()
  }
}
