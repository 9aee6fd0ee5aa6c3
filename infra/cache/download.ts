import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'

// Long enough for a slow network, short enough that a machine without internet does not notice.
const ANSWER_WITHIN_MS = 5_000
const WHOLE_WITHIN_MS = 15 * 60_000

/** Fetches a small text, for example a file of checksums. */
export async function downloadText(url: string): Promise<string> {
  return (await open(url)).text()
}

/**
 * Downloads a file and compares its digest while it arrives.
 *
 * @param digest - expected digest in lower-case hex
 * @throws Error when the site does not answer soon, or the digest differs
 */
export async function downloadFile(url: string, target: string, algorithm: 'sha256' | 'sha512', digest: string): Promise<void> {
  const response = await open(url)
  if (response.body === null) throw new Error(`${url}: empty answer`)
  const hash = createHash(algorithm)
  const tee = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  await pipeline(Readable.fromWeb(response.body as ReadableStream<Uint8Array>), tee, createWriteStream(target))
  const actual = hash.digest('hex')
  if (actual !== digest) throw new Error(`${url}: ${algorithm} is ${actual}, published is ${digest}`)
}

async function open(url: string): Promise<Response> {
  const control = new AbortController()
  const answer = setTimeout(() => control.abort(new Error('no answer')), ANSWER_WITHIN_MS)
  try {
    const signal = AbortSignal.any([control.signal, AbortSignal.timeout(WHOLE_WITHIN_MS)])
    const response = await fetch(url, { signal })
    if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`)
    return response
  } catch (cause) {
    throw new Error(`${url} cannot be reached`, { cause })
  } finally {
    clearTimeout(answer)
  }
}
