import { beforeAll, describe, expect, it } from 'vitest'
import type { ChildFact } from '../../../../contracts/facts.js'
import { MATCHING, told } from '../../../../policies/jiulongpo.fixture.js'
import type { KnowableFact } from '../../../../policies/knowledge.js'
import { loadPolicy } from '../../../../policies/load.js'
import { phaseById, type Timeline, type TimelinePhaseOf } from '../../../../policies/timeline.js'
import { candidateOf, unitOf } from './candidates.js'

const MAP = { offers: () => true, schoolsOf: (zone: string) => [`school-of-${zone}`], locationOf: (zone: string) => (zone === 'old' ? { x: 0, y: 0 } : { x: 9, y: 9 }) }
const about = (fact: KnowableFact, more: Partial<ChildFact> = {}): ChildFact => ({ season: 's', child: 'c', ...fact, ...more })
/** A form as its close leaves it: filed once, frozen with the next revision. */
const filed = (phase: string, form: string, address: string, facts: ChildFact['facts'], more: Partial<ChildFact> = {}): ChildFact =>
  about(told.filed(phase, form, { ...facts, 'household.address': address, 'property.address': address, 'residence.address': address }), {
    revision: 2, frozen: true, zones: { 'household.address': address, 'property.address': address, 'residence.address': address }, ...more,
  })

describe.each(['jiulongpo-2023-primary', 'jiulongpo-2023-junior'])('a child of %s that lost the draw and has moved since', (policy) => {
  let timeline: Timeline
  beforeAll(async () => { timeline = (await loadPolicy(policy)).timeline })
  const facts = [
    about(told.roster({ local: true, graduate: true })),
    filed('household-application', 'household', 'old', { ...MATCHING, route: 'converted' }),
    about(told.chosen('converted-choice'), { schools: ['x'] }),
    about(told.case('converted-eligibility', 'refused')),
    filed('household-late', 'household-late', 'new', MATCHING),
    about(told.case('household-late-review', 'approved')),
  ]
  const round = (id: string) => phaseById(timeline, id) as TimelinePhaseOf<'round'>
  const placed = (id: string, known: readonly ChildFact[]) => candidateOf(timeline, round(id), 'c', known, new Set(), MAP)

  it.each([['in the order of filing', facts], ['in another order', facts.toReversed()]])('is placed where its later form says, with facts %s', (_order, known) => {
    expect(placed('household-late-round', known)?.schools).toEqual(['school-of-new'])
    expect(placed('household-late-adjusted', known)?.keys).toEqual({ x: 9, y: 9, 'except.school-of-new': 1 })
  })

  it('is one with the twin its later form names, though the earlier form was amended more often', () => {
    const [before, after] = [{ id: 'u1', members: ['c', 'd'] }, { id: 'u2', members: ['c', 'e'] }]
    const forms = [filed('household-application', 'household', 'old', {}, { revision: 5, unit: before }), filed('household-late', 'household-late', 'new', {}, { unit: after })]
    expect(unitOf(timeline, forms)).toEqual(after)
  })
})
