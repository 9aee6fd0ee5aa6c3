import { describe, expect, it } from 'vitest'
import { canonicalJson, compileTimeline } from './compile.js'
import { toInstant, toLocal, toLocalEnd } from './instant.js'
import { compiled, TOWN, townWith } from './policy.fixture.js'
import { isOpen, phaseById } from './timeline.js'

const HOUR_MS = 3_600_000

describe('instants', () => {
  it('run a day without hours from its start to its end', () => {
    const opens = toInstant('2030-03-06', 'Asia/Shanghai', 'opens')!
    expect(opens).toBe(Date.parse('2030-03-06T00:00:00+08:00'))
    expect(toInstant('2030-03-06', 'Asia/Shanghai', 'closes')! - opens).toBe(24 * HOUR_MS)
  })

  it('take 24:00 as the end of the day, even of one with 23 hours', () => {
    expect(toInstant('2030-03-06 24:00', 'Asia/Shanghai', 'opens')).toBe(Date.parse('2030-03-07T00:00:00+08:00'))
    const start = toInstant('2030-03-31', 'Europe/Berlin', 'opens')!
    expect(toInstant('2030-03-31', 'Europe/Berlin', 'closes')! - start).toBe(23 * HOUR_MS)
  })

  it.each(['2030-02-29', '2030-13-01', '2030-03-01 25:00', '2030-03-01 24:01', '2030-03-01 12:60'])('do not exist for %s', (when) => {
    expect(toInstant(when, 'Asia/Shanghai', 'opens')).toBeUndefined()
  })

  it('do not exist in the hour that a clock skips', () => {
    expect(toInstant('2030-03-31 02:30', 'Europe/Berlin', 'opens')).toBeUndefined()
  })

  it('read back as notices write them', () => {
    const midnight = toInstant('2030-03-06 24:00', 'Asia/Shanghai', 'opens')!
    expect(toLocal(midnight, 'Asia/Shanghai')).toBe('2030-03-07 00:00')
    expect(toLocalEnd(midnight, 'Asia/Shanghai')).toBe('2030-03-06 24:00')
    expect(toLocalEnd(midnight - HOUR_MS, 'Asia/Shanghai')).toBe('2030-03-06 23:00')
    expect(toLocal(midnight + 1, 'Asia/Shanghai')).toBe('2030-03-07 00:00:00.001')
  })

  it('close a window at its end instant', () => {
    const { opensAt, closesAt } = phaseById(compiled(TOWN).timeline, 'register')
    expect([opensAt - 1, opensAt, closesAt - 1, closesAt].map((receivedAt) => isOpen({ opensAt, closesAt }, receivedAt))).toEqual([false, true, true, false])
  })
})

describe('a compiled timeline', () => {
  it('survives being carried as JSON', () => {
    const { timeline } = compiled(TOWN)
    expect(JSON.parse(JSON.stringify(timeline))).toEqual(timeline)
  })

  it('knows for each phase what bars it and what sends children to it', () => {
    const { timeline } = compiled(townWith(['silent: nothing', 'silent: { bars: [check-in] }']))
    expect(phaseById(timeline, 'check-in').barredBy).toEqual([{ phase: 'address-check', outcome: 'silent' }])
    expect(phaseById(timeline, 'desk').sentBy).toContainEqual({ phase: 'review', outcome: 'undecided' })
    expect(phaseById(timeline, 'register').sentBy).toEqual([])
  })

  it('knows for each fact who asks, answers, finds and settles it', () => {
    expect(compiled(TOWN).timeline.facts['home.address']).toEqual({
      type: 'address', askedBy: ['register'], answeredBy: ['address-check'], foundBy: ['review'], settledBy: ['review'],
    })
  })

  it('leaves out what does nothing, and every text of the notice', () => {
    const text = JSON.stringify(compiled(TOWN).timeline)
    expect(text).not.toContain('nothing')
    expect(text).not.toContain('families register')
  })
})

describe('the hash of a policy', () => {
  const hashOf = (text: string) => compiled(text).timeline.policy.hash

  it('is the same however the file is laid out', () => {
    expect(hashOf(`# a comment\n${TOWN.replace('version: 1\ntimezone: Asia/Shanghai', 'timezone: "Asia/Shanghai"\nversion: 1')}`)).toBe(hashOf(TOWN))
  })

  it('changes with every rule and every sentence', () => {
    expect(hashOf(townWith(['by: 2029-08-31', 'by: 2029-09-01']))).not.toBe(hashOf(TOWN))
    expect(hashOf(townWith(['source: come or waive', 'source: come']))).not.toBe(hashOf(TOWN))
  })

  it('is taken over JSON with sorted keys', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: undefined })).toBe('{"b":[1,{"c":"x","d":null}]}')
    const { policy } = compiled(TOWN)
    expect(compileTimeline(JSON.parse(JSON.stringify(policy)) as typeof policy).policy.hash).toBe(hashOf(TOWN))
  })
})
