/** One line about what the local stack is doing, told to whoever started it. */
export interface ProgressLine {
  /** The part that speaks, for example `temporal`. */
  readonly part: string
  readonly message: string
}

/** Receives progress lines. Called rarely: a few times a part, and every half minute during long work. */
export type OnProgress = (line: ProgressLine) => void

/** Prints progress to standard error, so that standard output stays free for results. */
export const printProgress: OnProgress = ({ part, message }) => {
  process.stderr.write(`[${part}] ${message}\n`)
}

/**
 * Runs long work with a line at its start, a reminder while it lasts and a line at its end.
 *
 * @param what - what is being done, for example `building from Go modules`
 * @param usual - how long it usually takes, in words
 */
export async function withProgress<T>(
  onProgress: OnProgress,
  part: string,
  what: string,
  usual: string,
  work: () => Promise<T>,
): Promise<T> {
  const startedAt = Date.now()
  const elapsed = () => `${Math.round((Date.now() - startedAt) / 1000)} s`
  onProgress({ part, message: `${what} (usually ${usual})` })
  const reminder = setInterval(() => onProgress({ part, message: `still ${what}, ${elapsed()} so far` }), 30_000)
  try {
    const result = await work()
    onProgress({ part, message: `done after ${elapsed()}` })
    return result
  } finally {
    clearInterval(reminder)
  }
}
