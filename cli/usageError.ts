/** What was asked of a command cannot be done; the message says what to ask instead. Exit code 2. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError'
}
