import { describe, expect, it } from 'vitest'
import { dependents, latestClosing } from './dependents.js'
import { toInstant } from './instant.js'
import { compiled, TOWN, townWith } from './policy.fixture.js'
import { phaseById } from './timeline.js'

const { timeline } = compiled(TOWN)
const names = (id: string) => dependents(timeline, id).map((phase) => phase.id)
const at = (local: string) => toInstant(`2030-${local}`, 'Asia/Shanghai', 'opens')

describe('the phases that depend on another', () => {
  it('read its form, its facts or its outcome, or take children it sends', () => {
    expect(names('register')).toEqual(['address-check', 'review', 'seats', 'junior-seats', 'desk'])
    expect(names('address-check')).toEqual(['review', 'seats', 'junior-seats'])
    expect(names('review')).toEqual(['seats', 'junior-seats', 'desk'])
  })

  it('take up its seats, or give out what it frees', () => {
    expect(names('seats')).toContain('check-in')
    expect(names('check-in')).toEqual(['desk'])
    expect(names('desk')).toEqual([])
  })
})

describe('how far a phase may be extended', () => {
  it('is the opening of the first phase that depends on it', () => {
    expect(latestClosing(timeline, 'register')).toBe(at('03-06'))
    expect(latestClosing(timeline, 'check-in')).toBe(at('05-01'))
  })

  it('is its own end where a decision falls at that instant', () => {
    expect(latestClosing(timeline, 'review')).toBe(phaseById(timeline, 'review').closesAt)
  })

  it('is the end of the season where nothing depends on it', () => {
    expect(latestClosing(timeline, 'desk')).toBe(timeline.closesAt)
  })

  it('is the end of a dependent phase that overlaps it by plan', () => {
    const overlapping = compiled(townWith(['window: [2030-03-06, 2030-03-07]', 'window: [2030-03-04, 2030-03-07]'])).timeline
    expect(latestClosing(overlapping, 'register')).toBe(at('03-07 24:00'))
  })

  it('is the start of the handover where a round takes the data over before it decides', () => {
    const handed = compiled(townWith(['at: 2030-03-15 24:00\n  who: { review: approved, stage: primary }', 'at: 2030-03-20 09:00\n  handover: [2030-03-18, 2030-03-19]\n  who: { review: approved, stage: primary }'],
      ['at: 2030-03-15 24:00\n  who: { review: approved, stage: junior }', 'at: 2030-03-25 09:00\n  who: { review: approved, stage: junior }'])).timeline
    expect(latestClosing(handed, 'review')).toBe(at('03-18'))
  })
})
