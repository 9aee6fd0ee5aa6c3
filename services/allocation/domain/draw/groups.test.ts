import { describe, expect, it } from 'vitest'
import type { RoundUnit } from '../rounds/unit.js'
import { groupsOf } from './groups.js'

const DISTRICTS = new Map([['n1', 'nanguan'], ['n2', 'nanguan'], ['e1', 'erdao'], ['k1', 'kuancheng'], ['l1', 'lvyuan']])
const unit = (id: string, ...schools: string[]): RoundUnit => ({ unit: id, members: [id], schools })
const told = (...units: RoundUnit[]) => groupsOf(units, DISTRICTS).map(({ id, schools, units: own }) => [id, schools, own.map((one) => one.unit)])

describe('the groups of a draw', () => {
  it('are districts where nobody’s choices cross them, also those that nobody chose', () => {
    expect(told(unit('a', 'n1', 'n2'), unit('b', 'e1'))).toEqual([
      ['erdao', ['e1'], ['b']], ['kuancheng', ['k1'], []], ['lvyuan', ['l1'], []], ['nanguan', ['n1', 'n2'], ['a']],
    ])
  })

  it('are one where choices hang together, over several units too', () => {
    const crossing = [unit('a', 'n1', 'k1'), unit('b', 'l1', 'n2'), unit('c', 'k1'), unit('d', 'e1')]
    expect(told(...crossing)).toEqual([['erdao', ['e1'], ['d']], ['kuancheng+2', ['k1', 'l1', 'n1', 'n2'], ['a', 'b', 'c']]])
    expect(told(...crossing.reverse()).map(([id]) => id)).toEqual(['erdao', 'kuancheng+2'])
  })

  it('take a unit without a choice into the first, and are one where no school is offered', () => {
    expect(told(unit('a'))[0]).toEqual(['erdao', ['e1'], ['a']])
    expect(groupsOf([unit('a')], new Map())).toEqual([{ id: 'none', schools: [], units: [unit('a')] }])
  })
})
