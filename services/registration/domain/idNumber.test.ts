import { describe, expect, it } from 'vitest'
import { checkCharacter, isRealDay, readIdNumber } from './idNumber.js'

const numbered = (first17: string) => first17 + checkCharacter(first17)
const read = (text: string) => readIdNumber(text, '2026-01-01')

describe('a citizen ID number', () => {
  it('has the check character that GB 11643 gives its own example', () => {
    expect(checkCharacter('11010519491231002')).toBe('X')
  })

  it('says the date of birth, and takes a small x', () => {
    expect(read(' 11010519491231002x ')).toEqual({ number: '11010519491231002X', birthday: '1949-12-31' })
  })

  it('is refused with one digit changed', () => {
    expect(read('110105194912310021')).toEqual({ fault: 'checksum' })
    expect(read('110105194912810029')).toEqual({ fault: 'checksum' })
  })

  it('is refused in another shape', () => {
    expect(read('110105491231002')).toEqual({ fault: 'shape' })
    expect(read('')).toEqual({ fault: 'shape' })
  })

  it('is refused with a birthday that does not exist or is to come', () => {
    expect(read(numbered('99000020100230001'))).toEqual({ fault: 'birthday' })
    expect(read(numbered('99000020270101001'))).toEqual({ fault: 'future' })
  })
})

describe('a day', () => {
  it('exists or does not', () => {
    expect(isRealDay('2012-02-29')).toBe(true)
    expect(isRealDay('2011-02-29')).toBe(false)
    expect(isRealDay('2011-13-01')).toBe(false)
    expect(isRealDay('2011-1-1')).toBe(false)
  })
})
