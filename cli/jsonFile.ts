import { isUtf8 } from 'node:buffer'
import { readFile } from 'node:fs/promises'

/** Why a file holds no JSON. */
export type Unreadable = 'not-there' | 'not-opened' | 'byte-order-mark' | 'not-utf8' | 'not-json'

/** First bytes of UTF-8, UTF-16 and UTF-32 with a mark, as editors on Windows write them. */
const MARKS = ['efbbbf', 'fffe', 'feff']

/** What a JSON file holds; or why it holds none, with a sentence about it. */
export async function readJsonFile(file: string): Promise<{ input: unknown; kind?: never } | { kind: Unreadable; message: string }> {
  let bytes: Buffer
  try {
    bytes = await readFile(file)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ENOENT' ? { kind: 'not-there', message: 'There is no such file' } : { kind: 'not-opened', message }
  }
  const start = bytes.toString('hex', 0, 3)
  if (MARKS.some((mark) => start.startsWith(mark))) return { kind: 'byte-order-mark', message: 'Begins with a byte order mark; it must be UTF-8 without one' }
  if (!isUtf8(bytes)) return { kind: 'not-utf8', message: 'Is not UTF-8' }
  try {
    return { input: JSON.parse(bytes.toString()) }
  } catch (error) {
    return { kind: 'not-json', message: (error as Error).message }
  }
}
