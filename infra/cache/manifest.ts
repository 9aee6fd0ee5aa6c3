import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pipeline } from 'node:stream/promises'

const MANIFEST = 'manifest.json'

/** Relative path of every file to its SHA-256 in hex. */
type Manifest = Readonly<Record<string, string>>

/** @returns the SHA-256 (or another digest) of a file in hex. */
export async function hashFile(path: string, algorithm: 'sha256' | 'sha512' = 'sha256'): Promise<string> {
  const hash = createHash(algorithm)
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}

/** Records every file of a finished folder, so that damage is found later. */
export async function writeManifest(folder: string): Promise<void> {
  await writeFile(join(folder, MANIFEST), JSON.stringify(await hashFolder(folder), null, 1))
}

/**
 * Compares a folder with its manifest.
 *
 * @returns what is wrong, in words, or undefined when the folder is whole
 */
export async function findDamage(folder: string): Promise<string | undefined> {
  let manifest: Manifest
  try {
    manifest = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')) as Manifest
  } catch {
    return 'it has no readable manifest'
  }
  const actual = await hashFolder(folder)
  const missing = Object.keys(manifest).find((path) => actual[path] === undefined)
  if (missing !== undefined) return `${missing} is missing`
  const changed = Object.keys(actual).find((path) => actual[path] !== manifest[path])
  return changed === undefined ? undefined : `${changed} is not the file that was put there`
}

async function hashFolder(folder: string): Promise<Manifest> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name !== MANIFEST)
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  const hashed = await Promise.all(paths.map(async (path) => [relative(folder, path), await hashFile(path)] as const))
  return Object.fromEntries(hashed)
}
