import { describe, expect, it } from 'vitest'
import { twinFault, twinOf } from './twins.js'

const anna = { child: 'a', guardian: 'g1', birthday: '2010-03-04' }
const berta = { child: 'b', guardian: 'g1', birthday: '2010-03-04' }

describe('twins', () => {
  it('have the same guardian or the same birthday', () => {
    expect(twinFault(anna, berta)).toBeUndefined()
    expect(twinFault(anna, { ...berta, guardian: 'g2' })).toBeUndefined()
    expect(twinFault(anna, { ...berta, birthday: '2010-03-05' })).toBeUndefined()
    expect(twinFault(anna, { ...berta, guardian: 'g2', birthday: '2010-03-05' })).toContain('neither')
    expect(twinFault(anna, anna)).toBeDefined()
  })

  it('count once each has named the other', () => {
    expect(twinOf('a', [{ child: 'a', sibling: 'b' }])).toBeUndefined()
    expect(twinOf('b', [{ child: 'a', sibling: 'b' }])).toBeUndefined()
    expect(twinOf('a', [{ child: 'a', sibling: 'b' }, { child: 'b', sibling: 'c' }])).toBeUndefined()
    expect(twinOf('a', [{ child: 'a', sibling: 'b' }, { child: 'b', sibling: 'a' }])).toBe('b')
  })
})
