import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { openPromise, type Entry, type ZipFile } from 'yauzl'
import { problem } from '../../../../platform/problem.js'

/** The parts of a workbook by their path. */
export interface Archive {
  has(path: string): boolean
  /** @throws Problem `unreadable-file` if there is no such part */
  open(path: string): Promise<Readable>
  /** Removes the file. */
  close(): Promise<void>
}

const LARGEST_FILE = 512 * 1024 * 1024

/**
 * Opens a zip file that streams in. Its directory stands at its end, so the file is kept in a folder that only
 * this process's account can read, until the archive is closed.
 * @throws Problem `unreadable-file`, `payload-too-large`
 */
export async function openArchive(body: Readable): Promise<Archive> {
  const folder = await mkdtemp(join(tmpdir(), 'ruxue-roster-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    const path = join(folder, 'roster.xlsx')
    await pipeline(limited(body), createWriteStream(path, { mode: 0o600 }))
    const zip = await openPromise(path, { autoClose: false, lazyEntries: true }).catch(notReadable)
    return archiveOf(zip, await entriesOf(zip), remove)
  } catch (error) {
    await remove()
    throw error
  }
}

export const notReadable = (cause: unknown): never => {
  const reason = cause instanceof Error ? cause.message : 'it is damaged'
  throw problem('unreadable-file', `The workbook cannot be read: ${reason}`, { faults: [{ at: 'file', message: reason }] })
}

async function* limited(body: Readable): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > LARGEST_FILE) throw problem('payload-too-large', 'A roster may have 512 MB')
    yield chunk
  }
}

async function entriesOf(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>()
  try {
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry)
  } catch (error) {
    notReadable(error)
  }
  return entries
}

const archiveOf = (zip: ZipFile, entries: Map<string, Entry>, remove: () => Promise<void>): Archive => ({
  has: (path) => entries.has(path),
  async open(path) {
    const entry = entries.get(path)
    if (!entry) return notReadable(new Error(`it has no part ${path}`))
    if (entry.isEncrypted()) return notReadable(new Error('it is protected by a password'))
    return zip.openReadStreamPromise(entry).catch(notReadable)
  },
  async close() {
    zip.close()
    await remove()
  },
})
