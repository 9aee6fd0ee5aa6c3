import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { foldKnowledge, type KnowableFact, type Knowledge } from './knowledge.js'
import { loadPolicy } from './load.js'
import { compiled, townWith } from './policy.fixture.js'
import { settleClosed } from './settle.js'
import { mayEnter, standing } from './standing.js'
import { effectOf, phaseById, settlingOrder, type Timeline } from './timeline.js'

let changchun: Timeline
beforeAll(async () => {
  changchun = (await loadPolicy('changchun-2022')).timeline
})

function child(outcomes: Record<string, string>, more: Partial<KnowableFact>[] = []): Knowledge {
  return foldKnowledge(changchun, [
    { aggregate: 'place', id: 'all', revision: 1, outcomes },
    ...more.map((fact): KnowableFact => ({ aggregate: 'roster', id: 'roster', revision: 1, ...fact })),
  ])
}
const holding = (...rounds: string[]): Partial<KnowableFact> => (
  { aggregate: 'place', id: 'place', seats: { held: rounds.map((basis) => ({ basis, school: 's' })) } })
const taking = (basis: string): Partial<KnowableFact> => ({ aggregate: 'place', id: 'place', seats: { held: [], taken: { basis, school: 's' } } })

describe('who may enter a phase', () => {
  it('asks everyone, or those its who lets in', () => {
    expect(standing(changchun, 'register', child({})).allowed).toBe('yes')
    expect(standing(changchun, 'private-choice', child({ register: 'filed', review: 'approved' })).allowed).toBe('yes')
    expect(standing(changchun, 'private-choice', child({ register: 'filed', review: 'refused' })).allowed).toBe('no')
  })

  it('asks whom an outcome sends, and says which', () => {
    expect(standing(changchun, 'register-on-site', child({})).allowed).toBe('no')
    expect(standing(changchun, 'register-on-site', child({ register: 'missed' }))).toMatchObject({ allowed: 'yes', sentBy: { phase: 'register', outcome: 'missed' } })
  })

  it('keeps out whom an outcome bars, and says which', () => {
    const ownGraduate = child({ register: 'filed', review: 'approved', 'own-school-admission': 'admitted' })
    expect(standing(changchun, 'private-choice', ownGraduate)).toMatchObject({
      allowed: 'no', barredBy: { phase: 'own-school-admission', outcome: 'admitted' },
    })
    expect(mayEnter(changchun, 'vacancy-choice', ownGraduate)).toBe('no')
  })

  it('asks to check in only who holds a seat of its rounds', () => {
    expect(mayEnter(changchun, 'public-check-in', child({}, [holding('zoning')]))).toBe('yes')
    expect(mayEnter(changchun, 'private-check-in', child({}, [holding('zoning')]))).toBe('no')
    expect(mayEnter(changchun, 'private-check-in', child({}, [holding('zoning', 'private-admission')]))).toBe('yes')
    expect(mayEnter(changchun, 'public-check-in', child({}, [taking('private-admission')]))).toBe('no')
  })

  it('still says that who came was rightly asked', () => {
    expect(standing(changchun, 'public-check-in', child({ 'public-check-in': 'present' }, [taking('zoning')]))).toMatchObject({ allowed: 'yes', outcome: 'present' })
  })

  it('arranges only children without a seat', () => {
    expect(mayEnter(changchun, 'arrangement', child({}))).toBe('yes')
    expect(mayEnter(changchun, 'arrangement', child({}, [holding('zoning')]))).toBe('no')
    expect(mayEnter(changchun, 'arrangement', child({ 'vacancy-check-in': 'missed' }, [taking('zoning')]))).toBe('no')
  })

  it('does not ask again for a form that another phase filed', () => {
    expect(mayEnter(changchun, 'register-on-site', child({ register: 'missed', 'register-on-site': 'filed' }))).toBe('yes')
    expect(mayEnter(changchun, 'register', child({ 'register-on-site': 'filed' }))).toBe('no')
  })

  it('asks again where a phase replaces what was filed', () => {
    const { timeline } = compiled(townWith(['- id: address-check', `- id: register-again
  kind: registration
  form: enrolment
  replaces: register
  window: [2030-03-05 17:00, 2030-03-05 18:00]
  missed: nothing
  source: again
- id: address-check`]))
    const filed = foldKnowledge(timeline, [{ aggregate: 'registration', id: 'enrolment', revision: 1, outcomes: { register: 'filed' } }])
    expect(mayEnter(timeline, 'register-again', filed)).toBe('yes')
  })

  it('asks nobody who has left, or whose season a desk ended', () => {
    const left = foldKnowledge(changchun, [{ aggregate: 'withdrawal', id: 'withdrawal', revision: 1 }])
    expect(standing(changchun, 'register', left)).toMatchObject({ allowed: 'no', endedBy: 'withdrawn' })
    expect(standing(changchun, 'bureau-desk', child({ arrangement: 'placed' }, [taking('arrangement')]))).toMatchObject({
      allowed: 'no', endedBy: { phase: 'arrangement', outcome: 'placed' },
    })
  })

  it('asks only children whom the season is about', () => {
    const { timeline } = compiled(townWith(['children: everyone', 'children: { stage: junior }']))
    const of = (stage: string) => foldKnowledge(timeline, [{ aggregate: 'roster', id: 'roster', revision: 1, facts: { stage } }])
    expect(mayEnter(timeline, 'register', of('junior'))).toBe('yes')
    expect(mayEnter(timeline, 'register', of('primary'))).toBe('no')
    expect(mayEnter(timeline, 'register', foldKnowledge(timeline, []))).toBe('unknown')
  })

  it('at receipt refuses only what is known to be wrong, for word of the rest may be on its way', () => {
    const pending = { absent: 'pending' as const }
    expect(mayEnter(changchun, 'private-choice', child({ register: 'filed' }), pending)).toBe('unknown')
    expect(mayEnter(changchun, 'private-choice', child({ review: 'refused' }), pending)).toBe('no')
    expect(mayEnter(changchun, 'private-choice', child({ 'register-on-site': 'missed' }), pending)).toBe('no')
    expect(mayEnter(changchun, 'public-check-in', child({}), pending)).toBe('unknown')
  })

  it('gives the same answer with its reasons and without', () => {
    const outcomes = fc.record({
      register: fc.constantFrom('filed', 'missed'), 'register-on-site': fc.constantFrom('filed', 'missed'),
      review: fc.constantFrom('approved', 'refused', 'undecided'), zoning: fc.constantFrom('admitted', 'not-admitted'),
      'own-school-admission': fc.constantFrom('admitted', 'not-admitted'), arrangement: fc.constantFrom('placed', 'overdue'),
    }, { requiredKeys: [] })
    const absent = fc.constantFrom('final' as const, 'pending' as const)
    fc.assert(fc.property(outcomes, absent, fc.boolean(), (stated, option, holds) => {
      const knowledge = child(stated as Record<string, string>, holds ? [holding('zoning')] : [])
      for (const { id } of changchun.phases) {
        expect(standing(changchun, id, knowledge, { absent: option }).allowed).toBe(mayEnter(changchun, id, knowledge, { absent: option }))
      }
    }), { numRuns: 50 })
  })
})

describe('what silence means once phases are closed', () => {
  it('gives a child whom a closed phase asked and who gave no answer the negative outcome, and follows where it leads', () => {
    const settled = settleClosed(changchun, child({}), new Set(['register', 'register-on-site']))
    expect(settled.outcomes).toEqual({ register: 'missed', 'register-on-site': 'missed' })
    expect(standing(changchun, 'arrangement', settled).sentBy).toEqual({ phase: 'register-on-site', outcome: 'missed' })
    expect(standing(changchun, 'vacancy-choice', settled).barredBy).toEqual({ phase: 'register-on-site', outcome: 'missed' })
  })

  it('gives none before the close', () => {
    expect(settleClosed(changchun, child({}), new Set()).outcomes).toEqual({})
  })

  it('gives none to a child whom the phase does not ask', () => {
    const filed = child({ register: 'filed' })
    expect(settleClosed(changchun, filed, new Set(['register', 'register-on-site', 'own-school-application'])).outcomes).toEqual({ register: 'filed' })
  })

  it('gives none of a round, which tells every child on its list what became of it', () => {
    const approved = child({ register: 'filed', review: 'approved' })
    expect(settleClosed(changchun, approved, new Set(['zoning'])).outcomes).toEqual({ register: 'filed', review: 'approved' })
  })

  it('leaves what happened as it is', () => {
    expect(settleClosed(changchun, child({ register: 'filed', review: 'refused' }), new Set(['register', 'police-check', 'review'])).outcomes)
      .toEqual({ register: 'filed', 'police-check': 'silent', review: 'refused' })
  })

  it('settles windows before decisions that fall at the same instant', () => {
    const order = settlingOrder(changchun).map((phase) => phase.id)
    expect(order.indexOf('review')).toBeLessThan(order.indexOf('zoning'))
    expect(order.indexOf('own-school-review')).toBeLessThan(order.indexOf('own-school-admission'))
  })
})

describe('effects', () => {
  it('are what the policy writes, and nothing where it writes nothing', () => {
    expect(effectOf(phaseById(changchun, 'private-check-in'), 'present')).toEqual({ releases: ['zoning'] })
    expect(effectOf(phaseById(changchun, 'private-choice'), 'missed')).toEqual({})
  })
})
