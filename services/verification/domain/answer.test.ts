import { describe, expect, it } from 'vitest'
import { progressOf, stated } from './answer.js'

describe('answers of authorities', () => {
  it('keep the declared value at a match, put a token that equals nothing at a mismatch, and state nothing else', () => {
    expect(stated('match', 'a1')).toBe('a1')
    expect(stated('mismatch', 'a1')).toMatch(/^differs:/)
    expect(stated('mismatch', 'a1')).not.toBe(stated('mismatch', 'a1'))
    expect(stated('unknown', 'a1')).toBeUndefined()
    expect(stated('match', undefined)).toBeUndefined()
  })

  it('answer a check once every fact of it was stated', () => {
    const police = { authority: 'police', fact: 'household.address', answer: null, value: null }
    expect(progressOf([police]).state).toBe('asked')
    expect(progressOf([{ ...police, answer: 'match', value: 'a1' }])).toEqual({ state: 'answered', facts: { 'household.address': 'a1' } })
    expect(progressOf([{ ...police, answer: 'match', value: 'a1' }, { ...police, fact: 'property.address' }]).state).toBe('asked')
  })

  it('count an authority that does not know like a silent one', () => {
    expect(progressOf([{ authority: 'police', fact: 'household.address', answer: 'unknown', value: null }])).toEqual({ state: 'silent', facts: {} })
  })

  it('let a mismatch outweigh a match', () => {
    const both = [
      { authority: 'registry', fact: 'f', answer: 'mismatch' as const, value: 'differs:1' },
      { authority: 'police', fact: 'f', answer: 'match' as const, value: 'a1' },
    ]
    expect(progressOf(both).facts).toEqual({ f: 'differs:1' })
    expect(progressOf(both.toReversed()).facts).toEqual({ f: 'differs:1' })
  })
})
