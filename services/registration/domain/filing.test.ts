import { describe, expect, it } from 'vitest'
import { loadPolicy } from '../../../policies/load.js'
import { phaseById, type TimelinePhaseOf } from '../../../policies/timeline.js'
import { decideFiling, deskSchools, mayFile, type Filed } from './filing.js'

const phase = (over: object = {}) => ({ id: 'apply', form: 'f', amend: 'until-close', ...over }) as TimelinePhaseOf<'registration'>
const filed = (over: Partial<Filed> = {}): Filed => ({ phase: 'apply', revision: 3, frozen: false, answers: { a: 1, b: 2 }, ...over })
const other = { a: 1, b: 3 }

describe('a submission', () => {
  it('files the first form as revision 1', () => {
    expect(decideFiling(phase(), undefined, other, undefined)).toEqual({ kind: 'file', revision: 1 })
  })

  it('amends what stands, as its next revision', () => {
    expect(decideFiling(phase(), filed(), other, undefined)).toEqual({ kind: 'amend', revision: 4 })
    expect(decideFiling(phase(), filed(), other, 3)).toEqual({ kind: 'amend', revision: 4 })
  })

  it('is the same again if its answers are, in whatever order', () => {
    expect(decideFiling(phase({ amend: 'never' }), filed({ frozen: true }), { b: 2, a: 1 }, 1)).toEqual({ kind: 'repeat' })
  })

  it('is refused over another revision, where nothing may be amended, and once frozen', () => {
    expect(decideFiling(phase(), filed(), other, 2)).toMatchObject({ type: 'stale-revision' })
    expect(decideFiling(phase({ amend: 'never' }), filed(), other, undefined)).toMatchObject({ type: 'not-amendable' })
    expect(decideFiling(phase(), filed({ frozen: true }), other, undefined)).toMatchObject({ type: 'not-amendable' })
  })

  it('replaces the form only where the policy says this phase does', () => {
    expect(decideFiling(phase({ replaces: 'before' }), filed({ phase: 'before' }), other, undefined)).toEqual({ kind: 'file', revision: 4 })
    expect(decideFiling(phase(), filed({ phase: 'before' }), other, undefined)).toMatchObject({ type: 'not-eligible' })
  })
})

describe('filing', () => {
  it('is for guardians and the district online, and for its staff alone at a desk', () => {
    const who = (over: object) => (['guardian', 'school', 'district', 'city'] as const).filter((role) => mayFile(phase(over), role))
    expect(who({})).toEqual(['guardian', 'district'])
    expect(who({ desk: 'district-office' })).toEqual(['district'])
    expect(who({ desk: 'department' })).toEqual(['district'])
    expect(who({ desk: 'school' })).toEqual(['school', 'district'])
    expect(who({ desk: 'zoned-school' })).toEqual(['school', 'district'])
  })

  it('at a school’s desk is for the school that the form names, else for those of the roster, else for any', async () => {
    const { timeline } = await loadPolicy('jiulongpo-2023-primary')
    const registration = (id: string) => phaseById(timeline, id) as TimelinePhaseOf<'registration'>
    expect(deskSchools(timeline, registration('contract-application'), { 'contract.school': 's1' }, {})).toEqual({ kind: 'named', schools: ['s1'] })
    expect(deskSchools(timeline, registration('contract-application'), {}, {})).toEqual({ kind: 'named', schools: [] })
    const { timeline: changchun } = await loadPolicy('changchun-2022')
    expect(deskSchools(changchun, phase({ desk: 'school', asks: [] }), {}, { 'own.school': 's7', stage: 'junior' })).toEqual({ kind: 'named', schools: ['s7'] })
    expect(deskSchools(changchun, phase({ desk: 'school', asks: [] }), {}, { stage: 'junior' })).toEqual({ kind: 'any' })
  })

  it('at a zoned school’s desk goes by the address that places the child', async () => {
    const { timeline } = await loadPolicy('jiulongpo-2023-primary')
    const late = phaseById(timeline, 'household-late') as TimelinePhaseOf<'registration'>
    const [home, flat] = [7, 9].map((number) => ({ district: 'd1', street: '东街', number, room: '' }))
    expect(deskSchools(timeline, late, { 'property.address': flat!, 'household.address': home! }, {})).toEqual({ kind: 'zoned', address: home })
    expect(deskSchools(timeline, late, {}, {})).toEqual({ kind: 'zoned', address: undefined })
  })
})
