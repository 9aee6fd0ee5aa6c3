import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { CompressionError, compressTimeline, leastSeconds } from './compress.js'
import { PEOPLE_KINDS } from './language.js'
import { loadPolicy } from './load.js'
import { compiled, townWith } from './policy.fixture.js'
import type { Timeline } from './timeline.js'

let policies: Timeline[]
beforeAll(async () => {
  policies = [(await loadPolicy('changchun-2022')).timeline, (await loadPolicy('linhai-2030')).timeline]
})

function instantsOf(timeline: Timeline): number[] {
  return timeline.phases.flatMap((phase) => [
    phase.opensAt, phase.closesAt, phase.handover?.opensAt ?? phase.opensAt, phase.handover?.closesAt ?? phase.closesAt, phase.publishAt ?? phase.opensAt,
  ]).concat(timeline.opensAt, timeline.closesAt)
}

const compression = fc.record({
  start: fc.integer({ min: 0, max: 2_000_000_000_000 }),
  spare: fc.integer({ min: 0, max: 600 }),
  minimumWindowMs: fc.integer({ min: 1, max: 10_000 }),
  minimumGapMs: fc.integer({ min: 1, max: 500 }),
  settleMs: fc.integer({ min: 1, max: 2_000 }),
  which: fc.constantFrom(0, 1),
}).map(({ spare, which, ...options }) => {
  const timeline = policies[which]!
  return { timeline, options: { ...options, seconds: leastSeconds(timeline, options) + spare } }
})

describe('compressing a calendar onto a rehearsal', () => {
  it('keeps the order and the equalities of all instants', () => {
    fc.assert(fc.property(compression, ({ timeline, options }) => {
      const before = instantsOf(timeline)
      const after = instantsOf(compressTimeline(timeline, options))
      for (const [i, a] of before.entries()) {
        for (const [j, b] of before.entries()) expect(Math.sign(after[i]! - after[j]!)).toBe(Math.sign(a - b))
      }
    }), { numRuns: 15 })
  })

  it('keeps the minimum of every window that people use, and the gap between instants', () => {
    fc.assert(fc.property(compression, ({ timeline, options }) => {
      const compressed = compressTimeline(timeline, options)
      const used = compressed.phases.filter((phase) => PEOPLE_KINDS.includes(phase.kind))
      for (const phase of used) expect(phase.closesAt - phase.opensAt).toBeGreaterThanOrEqual(options.minimumWindowMs)
      const sorted = [...new Set(instantsOf(compressed))].sort((a, b) => a - b)
      for (const [index, instant] of sorted.slice(1).entries()) expect(instant - sorted[index]!).toBeGreaterThanOrEqual(options.minimumGapMs)
    }), { numRuns: 40 })
  })

  it('begins at the start and ends after so many seconds, in whole milliseconds', () => {
    fc.assert(fc.property(compression, ({ timeline, options }) => {
      const compressed = compressTimeline(timeline, options)
      expect(compressed.opensAt).toBe(options.start)
      expect(compressed.closesAt).toBe(options.start + options.seconds * 1000)
      expect(instantsOf(compressed).every(Number.isInteger)).toBe(true)
    }), { numRuns: 40 })
  })

  it('moves nothing but windows and boundaries: rules and their dates stay', () => {
    const { timeline } = compiled(townWith())
    const { phases: before, opensAt: _o, closesAt: _c, calendar: _k, ...rest } = timeline
    const { phases: after, opensAt: _p, closesAt: _d, calendar, ...restAfter } = compressTimeline(timeline, { start: 0, seconds: 60, minimumWindowMs: 1000 })
    expect(calendar).toBe('compressed')
    expect(restAfter).toEqual(rest)
    expect(after.map(({ opensAt: _a, closesAt: _b, publishAt: _e, ...phase }) => phase))
      .toEqual(before.map(({ opensAt: _a, closesAt: _b, publishAt: _e, ...phase }) => phase))
  })

  it('leaves time after a close and a decision before the next instant', () => {
    const [changchun] = policies
    const { phases } = compressTimeline(changchun!, { start: 0, seconds: 200, minimumWindowMs: 2000, settleMs: 1500 })
    const at = (id: string) => phases.find((phase) => phase.id === id)!
    expect(at('place-notice').opensAt - at('zoning').opensAt).toBeGreaterThanOrEqual(1500)
    expect(at('register-on-site').opensAt - at('register').closesAt).toBeGreaterThanOrEqual(1500)
  })

  it('leaves time between results and the close of a check-in that is open by then', async () => {
    const { timeline } = await loadPolicy('jiulongpo-2023-primary')
    const late = (afterResultMs: number) => {
      const options = { minimumWindowMs: 1000, afterResultMs }
      const { phases } = compressTimeline(timeline, { start: 0, seconds: leastSeconds(timeline, options), ...options })
      const at = (id: string) => phases.find((phase) => phase.id === id)!
      return [at('public-check-in').closesAt - at('points-result').opensAt, at('converted-confirmation').closesAt - at('converted-confirmation').opensAt]
    }
    expect(Math.min(...late(4000))).toBeGreaterThanOrEqual(4000)
    expect(Math.min(...late(0))).toBeLessThan(4000)
  })

  it('refuses what is too short, saying the least that works, and that does work', () => {
    const [changchun] = policies
    const options = { start: 0, minimumWindowMs: 3000 }
    const least = leastSeconds(changchun!, options)
    expect(() => compressTimeline(changchun!, { ...options, seconds: least - 1 })).toThrow(CompressionError)
    expect(() => compressTimeline(changchun!, { ...options, seconds: 1 })).toThrow(`at least ${least} s`)
    expect(compressTimeline(changchun!, { ...options, seconds: least }).closesAt).toBe(least * 1000)
  })
})
