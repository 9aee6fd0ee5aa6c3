import { AlreadyRunningError } from '../infra/stack/state.js'
import { publishedAddresses } from '../infra/stack/state.js'
import { UsageError } from './usageError.js'

/**
 * Tells a person why a command has failed.
 *
 * @returns the exit code: 2 when a platform is already running or what was asked cannot be done, else 1
 */
export function tellFailure(error: unknown): number {
  if (error instanceof AlreadyRunningError) {
    const addresses = publishedAddresses(error.stateDir)
    process.stderr.write(`${error.message}; nothing was changed. Stop it with \`ruxue stop\`.\n`)
    if (addresses !== undefined) process.stderr.write(`${JSON.stringify(addresses, null, 2)}\n`)
    return 2
  }
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n`)
    return 2
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  for (const cause of causesOf(error)) process.stderr.write(`because: ${cause.message}\n`)
  return 1
}

function causesOf(error: unknown): Error[] {
  if (!(error instanceof Error) || !(error.cause instanceof Error)) return []
  return [error.cause, ...causesOf(error.cause)]
}
