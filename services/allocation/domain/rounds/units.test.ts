import { describe, expect, it } from 'vitest'
import { formUnits } from './units.js'

const twins = { id: 'u1', members: ['c2', 'c1'] }

describe('the units of a round', () => {
  it('make one of twins who are both candidates', () => {
    const { units, dissolved } = formUnits([{ child: 'c1', schools: ['n'], twins }, { child: 'c2', schools: ['n'], twins }, { child: 'c3', schools: ['n'] }])
    expect(units).toEqual([
      { unit: 'c3', members: ['c3'], schools: ['n'] },
      { unit: 'u1', members: ['c1', 'c2'], schools: ['n'] },
    ])
    expect(dissolved).toEqual([])
  })

  it('part twins of whom one is no candidate, and say why', () => {
    const { units, dissolved } = formUnits([{ child: 'c1', schools: ['n'], twins }])
    expect(units).toEqual([{ unit: 'c1', members: ['c1'], schools: ['n'] }])
    expect(dissolved).toEqual([{ unit: 'u1', members: ['c1', 'c2'], reason: 'member-not-eligible' }])
  })

  it('part twins whom no school may take both', () => {
    const { units, dissolved } = formUnits([{ child: 'c1', schools: ['n'], twins }, { child: 'c2', schools: ['s'], twins }])
    expect(units.map(({ unit }) => unit)).toEqual(['c1', 'c2'])
    expect(dissolved.map(({ reason }) => reason)).toEqual(['different-schools'])
  })

  it('offer twins only the schools that may take both, in the first one’s order', () => {
    const { units } = formUnits([{ child: 'c1', schools: ['a', 'b', 'c'], twins }, { child: 'c2', schools: ['c', 'b'], twins }])
    expect(units).toEqual([{ unit: 'u1', members: ['c1', 'c2'], schools: ['b', 'c'] }])
  })

  it('part twins whose other side does not name the unit', () => {
    const { dissolved } = formUnits([{ child: 'c1', schools: ['n'], twins }, { child: 'c2', schools: ['n'] }])
    expect(dissolved).toHaveLength(1)
  })
})
