import { ServiceError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client'
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common'
import { PROBLEMS, type ProblemType } from '../../../contracts/problems.js'
import { problem } from '../../../platform/problem.js'

const RETRY_AFTER_MS = 1_000
/** gRPC: deadline exceeded, resource exhausted, unavailable. */
const LATER = new Set([4, 8, 14])

/** Whether a workflow is closed or was never started. */
export const isGone = (error: unknown): boolean => error instanceof WorkflowNotFoundError

/**
 * What a workflow's answer means to the caller: a typed failure is the problem of that type, a workflow that is
 * no longer there belongs to a season that closed, a server that does not answer is `not-yet`.
 * @throws Problem, or the error itself where it is a bug
 */
export function asRefusal(error: unknown): never {
  if (isGone(error)) throw problem('season-closed', 'The workflow has ended with its season')
  const failure = applicationFailureOf(error)
  if (failure && isProblemType(failure.type)) {
    const [particulars] = failure.details ?? []
    throw problem(failure.type, failure.message, typeof particulars === 'object' && particulars !== null ? { particulars: particulars as Record<string, unknown> } : {})
  }
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || (error instanceof ServiceError && isUnavailable(error))) {
    throw problem('not-yet', 'The workflow does not answer at the moment', { retryAfterMs: RETRY_AFTER_MS })
  }
  throw error
}

function applicationFailureOf(error: unknown): ApplicationFailure | undefined {
  if (error instanceof ApplicationFailure) return error
  if (error instanceof WorkflowUpdateFailedError) return applicationFailureOf(error.cause)
  return undefined
}

const isProblemType = (type: string | undefined | null): type is ProblemType => typeof type === 'string' && Object.hasOwn(PROBLEMS, type)

const isUnavailable = ({ cause }: ServiceError): boolean => LATER.has((cause as { code?: number } | undefined)?.code ?? -1)
