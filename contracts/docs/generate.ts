import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { documents, textOf } from './documents.js'

/**
 * Writes `docs/contracts/` anew: `npm run docs:contracts`. Documents of contracts that are gone are deleted.
 */
const folder = join(import.meta.dirname, '../../docs/contracts')
await mkdir(folder, { recursive: true })
const wanted = documents()
for (const name of await readdir(folder)) {
  if (!(name in wanted)) await rm(join(folder, name))
}
for (const [name, document] of Object.entries(wanted)) await writeFile(join(folder, name), textOf(document))
console.log(`${Object.keys(wanted).length} documents in docs/contracts`)
