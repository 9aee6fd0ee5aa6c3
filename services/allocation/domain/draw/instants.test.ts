import { describe, expect, it } from 'vitest'
import type { CommitStep } from '../../../../contracts/draw.js'
import { instantAfter, timeToReveal } from './instants.js'
import { isEnough, partsOf, revealInstant } from './reveals.js'

const commit = {
  at: '2026-03-01T08:00:00.000Z', revealBy: '2026-03-01T08:10:00.000Z', least: 1,
  sources: [{ kind: 'witness', name: 'one', commitment: '' }, { kind: 'witness', name: 'two', commitment: '' }],
} as unknown as CommitStep
const handedIn = { kind: 'witness' as const, name: 'one', at: '2026-03-01T08:02:00.000Z', secret: 'ab' }

describe('instants of a transcript', () => {
  it('are the time, and later than the step before however fast the clock is', () => {
    expect(instantAfter(undefined, 5.7)).toBe('1970-01-01T00:00:00.005Z')
    expect(instantAfter('2026-03-01T08:00:00.000Z', 0)).toBe('2026-03-01T08:00:00.001Z')
    expect(timeToReveal(commit)).toBe(600_000)
  })

  it('of a reveal are past the time to reveal only where somebody is absent', () => {
    const all = partsOf(commit, new Map([['one', handedIn], ['two', { ...handedIn, name: 'two' }]]))
    expect(revealInstant(commit, all, 0)).toBe('2026-03-01T08:02:00.001Z')
    const some = partsOf(commit, new Map([['one', handedIn]]))
    expect(some[1]).toEqual({ kind: 'witness', name: 'two', absent: true })
    expect(revealInstant(commit, some, 0)).toBe('2026-03-01T08:10:00.001Z')
    expect([isEnough(commit, some), isEnough({ ...commit, least: 2 }, some)]).toEqual([true, false])
  })
})
