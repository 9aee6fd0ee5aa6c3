import { ActivityFailure, ApplicationFailure, RetryState } from '@temporalio/common'
import { FAILURES } from '../contracts/workflows.js'

/** A workflow's no to whoever asked: a type of `FAILURES` and why. */
export const refusal = (type: string, message: string): ApplicationFailure => ApplicationFailure.create({ type, message, nonRetryable: true })

/**
 * What a person who waits is told of an activity that failed: the service's refusal as it is, or that there was no answer
 * in time. Any other error is a bug and comes back as it is.
 * @param late what to do then
 */
export function refusalOf(error: unknown, late: string): unknown {
  if (!(error instanceof ActivityFailure)) return error
  const { cause, retryState } = error
  const isFinal = cause instanceof ApplicationFailure && cause.type && retryState === RetryState.NON_RETRYABLE_FAILURE
  return isFinal ? refusal(cause.type, cause.message) : refusal(FAILURES.timedOut, late)
}
