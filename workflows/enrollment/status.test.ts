import { describe, expect, it } from 'vitest'
import type { EndState } from '../../contracts/enrollment.js'
import { foldKnowledge } from '../../policies/knowledge.js'
import { compiled, TOWN } from '../../policies/policy.fixture.js'
import type { EnrollmentState } from './state.js'
import { statusOf } from './status.js'

describe('the status of a child whose season has ended', () => {
  const { timeline } = compiled(TOWN)
  it.each<[EndState, string]>([
    [{ kind: 'enrolled', route: 'catchment', round: 'seats', school: 's' }, 'enrolled'],
    [{ kind: 'arranged', phase: 'desk', school: 's' }, 'arranged'],
    [{ kind: 'inclusive-class', phase: 'desk', school: 's' }, 'arranged'],
    [{ kind: 'home-teaching', phase: 'desk', school: 's' }, 'arranged'],
    [{ kind: 'deferral', phase: 'desk', reason: 'very severe' }, 'ended'],
    [{ kind: 'withdrawn', reason: 'moved-away' }, 'ended'],
    [{ kind: 'ended', phase: 'desk', reason: 'left' }, 'ended'],
  ])('is by the end %j: %s', (end, status) => {
    expect(statusOf({ end } as EnrollmentState, foldKnowledge(timeline, []), timeline)).toBe(status)
  })
})
