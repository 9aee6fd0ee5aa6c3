import { describe, expect, it } from 'vitest'
import { settleTwins, standingEntry, type Entry } from './choosing.js'

const entry = (child: string, receivedAt: number, schools: string[], enteredFor = child, revision = 1): Entry => ({ child, revision, schools, enteredFor, receivedAt })
const known = (...entries: Entry[]) => new Map(entries.map((one) => [one.child, one]))

describe('the entries of twins', () => {
  it('stand for both: the one received last', () => {
    const settled = settleTwins([['c1', 'c2']], known(entry('c1', 10, ['a']), entry('c2', 20, ['b'])))
    expect(settled).toEqual([entry('c1', 20, ['b'], 'c2', 2)])
  })

  it('give the member without one the other’s', () => {
    expect(settleTwins([['c1', 'c2']], known(entry('c2', 20, ['b'])))).toEqual([entry('c1', 20, ['b'], 'c2', 1)])
  })

  it('need nothing more where both rows already are the same entry', () => {
    expect(settleTwins([['c1', 'c2']], known(entry('c1', 20, ['b'], 'c2'), entry('c2', 20, ['b'])))).toEqual([])
  })

  it('in the same millisecond go by the lower id, whatever the order', () => {
    const both = [entry('c2', 20, ['b']), entry('c1', 20, ['a'])]
    expect(standingEntry(both)?.schools).toEqual(['a'])
    expect(standingEntry([...both].reverse())?.schools).toEqual(['a'])
  })
})
