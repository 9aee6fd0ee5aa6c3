import { beforeAll, describe, expect, it } from 'vitest'
import { MATCHING } from '../../policies/jiulongpo.fixture.js'
import { loadPolicy } from '../../policies/load.js'
import { phaseById, type Timeline } from '../../policies/timeline.js'
import type { ArrangeRequest } from '../../contracts/workflows.js'
import { refuseArrangement } from './refusals.js'
import { ScriptedChild } from './scripted-child.fixture.js'
import { Simulation } from './simulation.fixture.js'

const HOUR_MS = 3_600_000
const STAGES = ['jiulongpo-2023-primary', 'jiulongpo-2023-junior']
const timelines = new Map<string, Timeline>()
beforeAll(async () => {
  for (const id of STAGES) timelines.set(id, (await loadPolicy(id)).timeline)
})

describe.each(STAGES)('a desk of %s', (stage) => {
  const opens = (phase: string) => phaseById(timelines.get(stage)!, phase).opensAt
  const closes = (phase: string) => phaseById(timelines.get(stage)!, phase).closesAt

  /** A child on the list, with a household in the district or without. */
  function listed(local: boolean): Simulation {
    const timeline = timelines.get(stage)!
    const child = new ScriptedChild(stage, `c${'d'.repeat(25)}`)
    return new Simulation(timeline, child, timeline.opensAt).on({ kind: 'fact', fact: child.listed({ local, graduate: true }) })
  }
  function disabled(): Simulation {
    const life = listed(true).until(opens('household-application') + HOUR_MS)
    life.on({ kind: 'fact', fact: life.child.filed('household', 'household-application', { ...MATCHING, disability: 'care' }) })
    life.until(opens('household-review') + 20 * HOUR_MS)
    return life.on({ kind: 'fact', fact: life.child.case('household-review', 'approved') })
  }
  function special(local: boolean): Simulation {
    const life = listed(local).until(opens('special-application') + HOUR_MS)
    life.on({ kind: 'fact', fact: life.child.filed('special', 'special-application', { 'special.group': 'martyr', 'special.wants': 'arranged', 'special.school': 's' }) })
    return life.on({ kind: 'fact', fact: life.child.case('special-review', 'approved') })
  }
  const flagged = (life: Simulation) => life.on({ kind: 'flagged', by: 'officer-1', reason: 'needs a person' }).state.arrangement?.phase
  const decide = (life: Simulation, decision: ArrangeRequest['decision']) => () =>
    refuseArrangement({ officer: 'officer-1', reason: 'as the papers say', decision }, life.state, life.knowledge, life.timeline)

  it('takes the child that its policy sends there, and keeps it when another desk opens', () => {
    const life = disabled().until(opens('disability-arrangement') + HOUR_MS)
    expect(life.state.arrangement).toMatchObject({ phase: 'disability-arrangement', cause: { noSeat: true } })
    life.until(opens('special-arrangement') + HOUR_MS)
    expect(life.state.arrangement?.phase).toBe('disability-arrangement')
  })

  it('is not told of a round in which the child never stood, though the child could be in it today', () => {
    const life = listed(true).until(opens('household-application') + HOUR_MS)
    life.on({ kind: 'fact', fact: life.child.filed('household', 'household-application', MATCHING) }).until(opens('household-review') + 20 * HOUR_MS)
    life.on({ kind: 'fact', fact: life.child.case('household-review', 'approved') }).until(opens('household-result'))
    life.on({ kind: 'fact', fact: life.child.place({ 'household-round': 'admitted' }, [{ basis: 'household-round', school: 's' }]) })
    life.until(closes('public-check-in'))
    life.child.place({ 'public-check-in': 'missed' }, [])
    life.until(opens('arrangement') + HOUR_MS)
    expect(life.knowledge.outcomes).toMatchObject({ 'household-round': 'admitted', 'public-check-in': 'missed' })
    expect(life.knowledge.outcomes['household-adjusted']).toBeUndefined()
    expect(life.state.arrangement).toMatchObject({ phase: 'arrangement', cause: { noSeat: true } })
  })

  it('hands on whom it has not decided about', () => {
    const life = disabled().until(closes('disability-arrangement') + HOUR_MS)
    expect(life.state.arrangement).toMatchObject({ phase: 'arrangement', cause: { outcome: 'overdue', of: 'disability-arrangement' } })
  })

  it('takes the flagged child it asks, though another desk is open or opens before', () => {
    expect(flagged(special(false).until(opens('disability-arrangement') + HOUR_MS))).toBe('special-arrangement')
    expect(flagged(special(true).until(opens('disability-arrangement') + HOUR_MS))).toBe('special-arrangement')
    expect(flagged(disabled())).toBe('disability-arrangement')
    expect(flagged(listed(true))).toBe('arrangement')
  })

  it('takes the flagged child that no desk asks if it is the first that is open', () => {
    expect(flagged(listed(false).until(opens('disability-arrangement') + HOUR_MS))).toBe('disability-arrangement')
    expect(flagged(listed(false).until(closes('special-arrangement')))).toBe('arrangement')
  })

  it('ends a child in deferral with its reason', () => {
    const life = disabled().until(opens('disability-arrangement') + HOUR_MS)
    expect(decide(life, { end: 'until-2024', way: 'deferral' })).not.toThrow()
    life.on({ kind: 'ended-by-desk', reason: 'until-2024', way: 'deferral' }).until(life.timeline.closesAt + HOUR_MS)
    expect(life.state.end).toEqual({ kind: 'deferral', phase: 'disability-arrangement', reason: 'until-2024' })
    expect(life.told.slice(-2)).toEqual(['arrangement-closed: ended', 'ended: ended'])
  })

  it.each(['inclusive-class', 'home-teaching'] as const)('ends a child in %s at its school', (way) => {
    const life = disabled().until(opens('disability-arrangement') + HOUR_MS)
    expect(decide(life, { place: 's1', way })).not.toThrow()
    life.on({ kind: 'fact', fact: life.child.place({ 'disability-arrangement': 'placed' }, [], { basis: 'arrangement', school: 's1', way }) })
    expect(life.state.shown.status).toBe('arranged')
    life.until(life.timeline.closesAt + HOUR_MS)
    expect(life.state.end).toEqual({ kind: way, phase: 'disability-arrangement', school: 's1' })
  })

  it('has only the ways its policy gives it', () => {
    const life = listed(true).on({ kind: 'flagged', by: 'officer-1', reason: 'needs a person' })
    expect(decide(life, { place: 's1' })).not.toThrow()
    expect(decide(life, { place: 's1', way: 'home-teaching' })).toThrow(expect.objectContaining({ type: 'way-not-offered' }))
    expect(decide(life, { end: 'until-2024', way: 'deferral' })).toThrow(expect.objectContaining({ type: 'way-not-offered' }))
  })

  it('gets nobody whom the first closing that holds takes at the same instant', () => {
    const never = listed(false).until(closes('public-check-in') + HOUR_MS)
    expect(never.knowledge.outcomes).toMatchObject({ 'no-application-by-migrant': 'closed' })
    expect(never.knowledge.outcomes).not.toHaveProperty('no-seat-for-migrant')
    expect(never.state.arrangement).toBeUndefined()
    never.until(never.timeline.closesAt + HOUR_MS)
    expect(never.state.end).toEqual({ kind: 'ended', phase: 'no-application-by-migrant', reason: 'no-application' })
  })
})
