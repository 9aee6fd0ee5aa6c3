import { beforeAll, describe, expect, it } from 'vitest'
import type { PhaseClose } from '../../contracts/workflows.js'
import { loadPolicy } from '../../policies/load.js'
import type { Timeline } from '../../policies/timeline.js'
import { expectsOf } from './expects.js'
import { reschedule, stepsOf } from './steps.js'

let timeline: Timeline
beforeAll(async () => {
  timeline = (await loadPolicy('changchun-2022')).timeline
})
const words = (steps: ReturnType<typeof stepsOf>) => steps.map(({ kind, phase }) => `${kind} ${phase}`)
const before = (steps: string[], first: string, second: string) => steps.indexOf(first) >= 0 && steps.indexOf(first) < steps.indexOf(second)

describe('the steps of a season', () => {
  it('close windows before decisions that fall at the same instant', () => {
    const steps = words(stepsOf(timeline))
    expect(before(steps, 'close review', 'decide zoning')).toBe(true)
    expect(before(steps, 'close own-school-review', 'decide own-school-admission')).toBe(true)
  })

  it('publish vacancies after the check-ins, and close a publication after it happened', () => {
    const steps = words(stepsOf(timeline))
    expect(before(steps, 'close public-check-in', 'publish vacancies')).toBe(true)
    expect(before(steps, 'publish vacancies', 'close vacancies')).toBe(true)
  })

  it('decide rounds of one instant in the order of the policy', () => {
    const at = timeline.phases.find(({ id }) => id === 'own-school-admission')!.opensAt
    const together = { ...timeline, phases: timeline.phases.map((phase) => (phase.id === 'private-admission' ? { ...phase, opensAt: at, closesAt: at } : phase)) }
    expect(before(words(stepsOf(together)), 'decide own-school-admission', 'decide private-admission')).toBe(true)
  })

  it('close a round by its publication and leave a closing to the children', () => {
    expect(words(stepsOf(timeline)).filter((step) => step === 'close zoning')).toEqual([])
  })

  it('move with an extension', () => {
    const later = timeline.phases.find(({ id }) => id === 'private-check-in')!.closesAt + 3_600_000
    const moved = words(reschedule(stepsOf(timeline), { kind: 'close', phase: 'private-check-in', at: later }, timeline))
    expect(moved.filter((step) => step === 'close private-check-in')).toHaveLength(1)
    expect(before(moved, 'close public-check-in', 'close private-check-in')).toBe(true)
  })
})

describe('what a round expects', () => {
  const closes = (): Map<string, PhaseClose> => new Map(timeline.phases.map(({ id }) => [id, { phase: id, count: 1, digest: id }]))

  it('is what the owners of the phases said by which it asks and from which its facts come', () => {
    expect(expectsOf(timeline, 'zoning', closes()).map(({ phase }) => phase)).toEqual(expect.arrayContaining(['register', 'register-on-site', 'review']))
    expect(expectsOf(timeline, 'private-admission', closes()).map(({ phase }) => phase)).toContain('private-choice')
  })

  it('is also what is read by the choice that a round draws from', () => {
    expect(expectsOf(timeline, 'private-admission', closes()).map(({ phase }) => phase)).toEqual(expect.arrayContaining(['private-choice', 'review', 'own-school-admission']))
    expect(expectsOf(timeline, 'vacancy-admission', closes()).map(({ phase }) => phase)).toEqual(expect.arrayContaining(['vacancy-choice', 'register', 'register-on-site']))
  })

  it('is nothing about phases that have not closed', () => {
    expect(expectsOf(timeline, 'zoning', new Map())).toEqual([])
  })
})
