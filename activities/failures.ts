import { activityInfo } from '@temporalio/activity'
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common'
import type { ProblemType } from '../contracts/problems.js'
import { Problem } from '../platform/problem.js'

/**
 * Problems that pass by themselves, or that operators repair: a command must not be lost over them. A publication is
 * embargoed for as long as the owner's clock is behind Temporal's. A round that cannot go on waits for whoever mends it: it
 * has no answer that would settle its children.
 */
const PASSING: readonly ProblemType[] = ['not-yet', 'timed-out', 'too-many-requests', 'internal', 'unauthenticated', 'forbidden', 'unknown-season', 'unknown-authority', 'embargoed', 'round-conflict']
/** Part of every season: nobody is to be warned. */
const EXPECTED: readonly ProblemType[] = ['not-yet', 'too-many-requests', 'embargoed']

const FIRST_DELAY_MS = 500
/** An answer that is not there yet may be long in coming; a service that is busy will not be so for long. */
const LONGEST_DELAY_MS = { 'not-yet': 60_000, other: 8_000 } as const

/**
 * Runs a call of a service and turns its refusals into failures that Temporal understands: a refusal of the
 * domain is final and keeps its problem type; "not yet" and overload are tried again after the time the service
 * names, later and later if it keeps saying so; anything else is tried again as the retry policy says.
 */
export async function asFailure<R>(call: () => Promise<R>): Promise<R> {
  try {
    return await call()
  } catch (error) {
    throw error instanceof Problem ? failureOf(error, activityInfo().attempt) : error
  }
}

/**
 * A problem as a failure.
 * @param attempt number of this attempt, from 1
 */
export function failureOf(problem: Problem, attempt: number): ApplicationFailure {
  const { type, detail: message, retryAfterMs, closesAt } = problem
  const details = closesAt === undefined ? {} : { details: [{ closesAt }] }
  if (!PASSING.includes(type)) return ApplicationFailure.create({ type, message, nonRetryable: true, ...details })
  const longest = LONGEST_DELAY_MS[type === 'not-yet' ? type : 'other']
  const growing = Math.min(longest, FIRST_DELAY_MS * 2 ** Math.min(attempt - 1, 10))
  const delays = retryAfterMs === undefined ? {} : { nextRetryDelay: Math.max(retryAfterMs, growing) }
  const category = EXPECTED.includes(type) ? { category: ApplicationFailureCategory.BENIGN } : {}
  return ApplicationFailure.create({ type, message, ...delays, ...details, ...category })
}
