import { createHash } from 'node:crypto'
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A caught message without its text. */
export interface Caught {
  number: number
  messageId: string
  to: string[]
  bytes: number
  /** ISO 8601. */
  at: string
}

export interface Mailbox {
  keep(raw: Buffer, to: string[]): Promise<void>
  /** Since the start: all messages, and how many different ones by their Message-ID. */
  count(): { messages: number; distinct: number }
  /** The messages still kept, the newest first. */
  newest(): Caught[]
  /** One message as it came, if it is still kept. */
  read(number: number): Promise<Buffer | undefined>
  close(): Promise<void>
}

/**
 * Opens an empty mailbox in a folder, removing what an earlier one left there.
 * @param most messages kept at once
 */
export async function openMailbox(folder: string, most: number): Promise<Mailbox> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const index = join(folder, 'index.jsonl')
  const fileOf = (number: number) => join(folder, `${String(number).padStart(6, '0')}.eml`)
  const kept: Caught[] = []
  // A short digest each, so that a whole city's season fits.
  const seen = new Set<string>()
  let messages = 0
  let writing: Promise<void> = Promise.resolve()
  const write = async (raw: Buffer, caught: Caught) => {
    await writeFile(fileOf(caught.number), raw)
    kept.push(caught)
    const dropped = kept.length > most ? kept.shift() : undefined
    if (dropped) await rm(fileOf(dropped.number), { force: true })
    if (dropped && messages % most === 0) await writeFile(index, kept.map(lineOf).join(''))
    else await appendFile(index, lineOf(caught))
  }
  return {
    keep: (raw, to) => {
      const messageId = messageIdOf(raw)
      const caught: Caught = { number: ++messages, messageId, to, bytes: raw.length, at: new Date().toISOString() }
      seen.add(createHash('sha256').update(messageId).digest('base64').slice(0, 16))
      const done = writing.then(() => write(raw, caught))
      writing = done.catch(() => undefined)
      return done
    },
    count: () => ({ messages, distinct: seen.size }),
    newest: () => kept.toReversed(),
    read: (number) => readFile(fileOf(number)).catch(() => undefined),
    close: () => writing,
  }
}

const lineOf = (caught: Caught): string => `${JSON.stringify(caught)}\n`

/** The Message-ID of a message as it came, or the empty text. */
export function messageIdOf(raw: Buffer): string {
  const end = raw.indexOf('\r\n\r\n')
  const head = raw.subarray(0, end < 0 ? raw.length : end).toString('latin1').replace(/\r\n[ \t]+/g, ' ')
  return /^message-id:\s*(<[^>]*>)/im.exec(head)?.[1] ?? ''
}
