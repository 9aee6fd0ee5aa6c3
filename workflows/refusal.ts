import { ActivityFailure, ApplicationFailure, RetryState } from '@temporalio/common'
import { FAILURES } from '../contracts/workflows.js'

/**
 * What a person who waits is told of an activity that failed: the service's refusal as it is, or that there was no answer
 * in time. Any other error is a bug and comes back as it is.
 * @param late what to do then
 */
export function refusalOf(error: unknown, late: string): unknown {
  if (!(error instanceof ActivityFailure)) return error
  const { cause, retryState } = error
  const isFinal = cause instanceof ApplicationFailure && cause.type && retryState === RetryState.NON_RETRYABLE_FAILURE
  return ApplicationFailure.create({ ...(isFinal ? { type: cause.type, message: cause.message } : { type: FAILURES.timedOut, message: late }), nonRetryable: true })
}
