import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newRegistrationNumber, readRegistrationNumber } from './registrationNumber.js'

const someNumber = fc.array(fc.nat(1_000_000), { minLength: 11, maxLength: 11 }).map((draws) => {
  let at = 0
  return newRegistrationNumber((max) => draws[at++]! % max)
})

describe('a registration number', () => {
  it('is printed in groups of four and reads back with or without them', () => {
    fc.assert(fc.property(someNumber, (number) => {
      expect(number).toMatch(/^\d{4}-\d{4}-\d{4}$/)
      expect(readRegistrationNumber(number.replaceAll('-', ' '))).toBe(number)
      expect(readRegistrationNumber(number.replaceAll('-', ''))).toBe(number)
    }))
  })

  it('shows a mistyped digit', () => {
    fc.assert(fc.property(someNumber, fc.nat(11), fc.integer({ min: 1, max: 9 }), (number, at, off) => {
      const digits = [...number.replaceAll('-', '')]
      digits[at] = String((Number(digits[at]) + off) % 10)
      expect(readRegistrationNumber(digits.join(''))).toBeUndefined()
    }))
  })

  it('shows two neighbouring digits swapped', () => {
    fc.assert(fc.property(someNumber, fc.nat(10), (number, at) => {
      const digits = [...number.replaceAll('-', '')]
      fc.pre(digits[at] !== digits[at + 1])
      ;[digits[at], digits[at + 1]] = [digits[at + 1]!, digits[at]!]
      expect(readRegistrationNumber(digits.join(''))).toBeUndefined()
    }))
  })
})
