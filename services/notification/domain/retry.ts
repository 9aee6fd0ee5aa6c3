/** How often and at which distance a message is tried. Times in ms. */
export interface RetryTerms {
  /** Attempts at most. */
  attempts: number
  firstMs: number
  longestMs: number
}

/** The wait before the next attempt, doubled each time, or undefined if this one was the last. */
export function nextAttempt(terms: RetryTerms, attempted: number): number | undefined {
  if (attempted >= terms.attempts) return undefined
  return Math.min(terms.longestMs, terms.firstMs * 2 ** (attempted - 1))
}
