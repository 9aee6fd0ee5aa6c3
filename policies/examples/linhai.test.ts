import { beforeAll, describe, expect, it } from 'vitest'
import { checkPolicy } from '../check/index.js'
import { foldKnowledge, type KnowableFact } from '../knowledge.js'
import { loadPolicy, type LoadedPolicy } from '../load.js'
import { settleClosed } from '../settle.js'
import { mayEnter, standing } from '../standing.js'

let linhai: LoadedPolicy
let changchun: LoadedPolicy
beforeAll(async () => {
  linhai = await loadPolicy('linhai-2030')
  changchun = await loadPolicy('changchun-2022')
})

const filed: KnowableFact = {
  aggregate: 'registration', id: 'enrolment', revision: 1, outcomes: { 'sign-up': 'filed' },
  facts: { 'home.address': 'a', 'papers.address': 'a', 'home.since': '2029-08-31' },
}
const place = (outcomes: Record<string, string>, held: string[]): KnowableFact => (
  { aggregate: 'place', id: 'place', revision: 1, outcomes, seats: { held: held.map((basis) => ({ basis, school: 's' })) } })

describe('a made-up second city', () => {
  it('passes the check without any note', () => {
    expect(checkPolicy(linhai).faults).toEqual([])
  })

  it('has other phases in another order than the first', () => {
    const kinds = (loaded: LoadedPolicy) => loaded.timeline.phases.map((phase) => phase.kind)
    expect(kinds(linhai).indexOf('choice')).toBeLessThan(kinds(linhai).indexOf('review'))
    expect(kinds(changchun).indexOf('choice')).toBeGreaterThan(kinds(changchun).indexOf('review'))
    expect(kinds(linhai)).toContain('confirmation')
    expect(kinds(linhai)).not.toContain('check')
  })

  it('asks no papers of a child who confirmed a drawn place, and checks it in', () => {
    const { timeline } = linhai
    const knowledge = foldKnowledge(timeline, [filed, place({ 'open-draw': 'admitted', 'open-confirmation': 'confirmed' }, ['open-draw'])])
    expect(standing(timeline, 'papers-review', knowledge)).toMatchObject({ allowed: 'no', barredBy: { phase: 'open-confirmation', outcome: 'confirmed' } })
    expect(mayEnter(timeline, 'seat-letter', knowledge)).toBe('yes')
    expect(mayEnter(timeline, 'first-day', knowledge)).toBe('yes')
  })

  it('sends a child who lost the draw or did not confirm the way of its zone', () => {
    const { timeline } = linhai
    const ways: Record<string, string>[] = [{ 'open-draw': 'not-admitted' }, { 'open-draw': 'admitted', 'open-confirmation': 'missed' }]
    for (const outcomes of ways) {
      expect(mayEnter(timeline, 'papers-review', foldKnowledge(timeline, [filed, place(outcomes, [])]))).toBe('yes')
    }
  })

  it('ends a child whom no desk could place', () => {
    const { timeline } = linhai
    const settled = settleClosed(timeline, foldKnowledge(timeline, []), new Set(['sign-up', 'desk']))
    expect(settled.outcomes).toEqual({ 'sign-up': 'missed', desk: 'overdue' })
    expect(mayEnter(timeline, 'not-placed', settled)).toBe('yes')
  })
})
