import { MockActivityEnvironment } from '@temporalio/testing'
import { ApplicationFailure } from '@temporalio/common'
import { describe, expect, it } from 'vitest'
import { problem } from '../platform/problem.js'
import { Unreachable } from '../platform/http/client.js'
import { asFailure, failureOf } from './failures.js'

const failing = (error: Error, attempt = 1) =>
  new MockActivityEnvironment({ attempt }).run(() => asFailure(() => Promise.reject(error))).then(() => undefined, (thrown: unknown) => thrown)

describe('a refusal of a service', () => {
  it('of the domain is final and keeps its problem type', async () => {
    expect(await failing(problem('school-full', 'public-1 has no seat left'))).toMatchObject({ type: 'school-full', message: 'public-1 has no seat left', nonRetryable: true })
  })

  it('that passes by itself is tried again after the time the service names', () => {
    expect(failureOf(problem('not-yet', 'closing', { retryAfterMs: 3_000 }), 1)).toMatchObject({ type: 'not-yet', nonRetryable: false, nextRetryDelay: 3_000 })
  })

  it('that goes on and on is asked for less and less often, at most once a minute', () => {
    const delays = [1, 2, 3, 30].map((attempt) => failureOf(problem('not-yet', 'closing', { retryAfterMs: 200 }), attempt).nextRetryDelay)
    expect(delays).toEqual([500, 1_000, 2_000, 60_000])
  })

  it('of a busy service is never put off for more than eight seconds', () => {
    expect(failureOf(problem('timed-out', 'busy', { retryAfterMs: 1_000 }), 30).nextRetryDelay).toBe(8_000)
  })

  it.each(['timed-out', 'too-many-requests', 'internal', 'unauthenticated', 'forbidden', 'unknown-season', 'unknown-authority', 'embargoed', 'round-conflict'] as const)('of type %s loses no command', async (type) => {
    const failure = await failing(problem(type, 'for now'))
    expect(failure).toBeInstanceOf(ApplicationFailure)
    expect(failure).toMatchObject({ type, nonRetryable: false })
  })
})

describe('a service that does not answer', () => {
  it('is left to the retry policy', async () => {
    const error = new Unreachable('nobody answers')
    expect(await failing(error)).toBe(error)
  })
})
