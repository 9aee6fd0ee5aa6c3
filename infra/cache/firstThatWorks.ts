import { rm, mkdir } from 'node:fs/promises'

import { withProgress, type OnProgress } from '../stack/progress.js'

/** One way to fill a folder of the cache. */
export interface Source {
  /** For the progress line, for example `downloading the official release`. */
  readonly what: string
  /** How long it usually takes, in words. */
  readonly usual: string
  readonly fill: (folder: string) => Promise<void>
}

/**
 * Fills a folder from the first source that works; each failure is told.
 *
 * @throws AggregateError with the failure of every source
 */
export async function fillFromFirst(part: string, sources: readonly Source[], folder: string, onProgress: OnProgress): Promise<void> {
  const failures: Error[] = []
  for (const source of sources) {
    try {
      await withProgress(onProgress, part, source.what, source.usual, () => source.fill(folder))
      return
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error))
      failures.push(failure)
      onProgress({ part, message: `${source.what} did not work: ${failure.message}` })
      await rm(folder, { recursive: true, force: true })
      await mkdir(folder, { recursive: true })
    }
  }
  throw new AggregateError(failures, `${part} can be had in no way: ${failures.map((failure) => failure.message).join('; ')}`)
}
