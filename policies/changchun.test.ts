import { beforeAll, describe, expect, it } from 'vitest'
import { checkPolicy } from './check/index.js'
import { latestClosing } from './dependents.js'
import { toInstant } from './instant.js'
import { loadPolicy, type LoadedPolicy } from './load.js'
import { phaseById, publishAtOf } from './timeline.js'

let changchun: LoadedPolicy
beforeAll(async () => {
  changchun = await loadPolicy('changchun-2022')
})

const shanghai = (local: string): number => toInstant(`2022-${local}`, 'Asia/Shanghai', 'opens')!

/** The notice's calendar as we read it. A day without hours runs 00:00-24:00. */
const WINDOWS: [phase: string, opens: string, closes: string][] = [
  ['register', '05-12 09:00', '05-17 17:00'],
  ['register-on-site', '05-18 09:00', '05-18 17:00'],
  ['police-check', '05-19 00:00', '05-20 24:00'],
  ['review', '05-21 00:00', '05-31 24:00'],
  ['zoning', '05-31 24:00', '05-31 24:00'],
  ['place-notice', '06-01 09:00', '06-01 09:00'],
  ['own-school-application', '06-02 00:00', '06-02 24:00'],
  ['own-school-review', '06-02 00:00', '06-02 24:00'],
  ['own-school-admission', '06-02 24:00', '06-02 24:00'],
  ['private-information', '06-11 00:00', '06-11 00:00'],
  ['private-choice', '06-13 09:00', '06-14 17:00'],
  ['private-admission', '06-20 09:00', '06-20 09:00'],
  ['private-result', '06-20 15:00', '06-21 17:00'],
  ['private-check-in', '06-21 09:00', '06-22 15:00'],
  ['public-check-in', '06-21 09:00', '06-22 15:00'],
  ['vacancies', '06-24 00:00', '06-24 00:00'],
  ['vacancy-choice', '07-01 09:00', '07-04 17:00'],
  ['vacancy-admission', '07-08 09:00', '07-08 09:00'],
  ['vacancy-result', '07-08 15:00', '07-09 17:00'],
  ['vacancy-check-in', '07-09 09:00', '07-10 15:00'],
  ['arrangement', '07-13 00:00', '07-14 24:00'],
  ['bureau-desk', '07-15 00:00', '08-31 24:00'],
]

describe('the calendar of Changchun 2022', () => {
  it.each(WINDOWS)('%s runs from %s to %s', (id, opens, closes) => {
    const { opensAt, closesAt } = phaseById(changchun.timeline, id)
    expect({ opensAt, closesAt }).toEqual({ opensAt: shanghai(opens), closesAt: shanghai(closes) })
  })

  it('has no phase besides these, in the order of the notice', () => {
    expect(changchun.timeline.phases.map((phase) => phase.id)).toEqual(WINDOWS.map(([id]) => id))
  })

  it('hands the data of the two draws over in the days before them', () => {
    const handover = (id: string) => {
      const phase = phaseById(changchun.timeline, id)
      return phase.kind === 'round' ? phase.handover : undefined
    }
    expect(handover('private-admission')).toEqual({ opensAt: shanghai('06-15'), closesAt: shanghai('06-16 24:00') })
    expect(handover('vacancy-admission')).toEqual({ opensAt: shanghai('07-05'), closesAt: shanghai('07-06 24:00') })
  })

  it('shows no result of a draw before the inquiry opens', () => {
    const publish = (id: string) => {
      const phase = phaseById(changchun.timeline, id)
      return phase.kind === 'round' ? publishAtOf(phase) : undefined
    }
    expect(publish('zoning')).toBe(shanghai('05-31 24:00'))
    expect(publish('private-admission')).toBe(shanghai('06-20 15:00'))
    expect(publish('vacancy-admission')).toBe(shanghai('07-08 15:00'))
  })

  it.each([
    ['register', '05-18 09:00'],
    ['register-on-site', '05-19 00:00'],
    ['police-check', '05-21 00:00'],
    ['review', '05-31 24:00'],
    ['private-choice', '06-15 00:00'],
    ['public-check-in', '06-24 00:00'],
    ['vacancy-choice', '07-05 00:00'],
    ['vacancy-check-in', '07-13 00:00'],
    ['arrangement', '07-15 00:00'],
  ])('%s can be extended to %s at most, when a phase that depends on it begins', (id, limit) => {
    expect(latestClosing(changchun.timeline, id)).toBe(shanghai(limit))
  })
})

describe('the rules of Changchun 2022', () => {
  it('quotes the notice or says that a phase is ours', () => {
    const silent = changchun.policy.phases.filter(({ source, assumed, reading }) => source === undefined && !(assumed && reading))
    expect(silent).toEqual([])
  })

  it('passes the check without an error or a warning', () => {
    const { faults, states } = checkPolicy(changchun)
    expect(faults.filter((fault) => fault.severity !== 'note')).toEqual([])
    expect(states).toBeGreaterThan(100)
  })

  it('is small enough to be carried by every workflow', () => {
    expect(JSON.stringify(changchun.timeline).length).toBeLessThan(16_000)
  })
})
