import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { verdictOf } from '../conditions.js'
import { foldKnowledge, type KnowableFact, type Knowledge } from '../knowledge.js'
import type { FactId, FactValue } from '../language.js'
import { loadPolicy } from '../load.js'
import { compiled, TOWN, TOWN_WITH_POINTS } from '../policy.fixture.js'
import { mayEnter } from '../standing.js'
import { partsOf, type Timeline, type TimelinePhase } from '../timeline.js'
import { atomsOf } from './atoms.js'
import { afterOutcome, branch } from './branch.js'
import { judgeRule, type Judging } from './judge.js'
import { conditionsIn, factsOfRules } from './liveness.js'
import { NEWCOMER, withValue, type Atom, type ChildState } from './state.js'
import { onlyShows, stepsOf } from './steps.js'

let policies: Timeline[]
beforeAll(async () => {
  const ids = ['changchun-2022', 'linhai-2030', 'jiulongpo-2023-primary', 'jiulongpo-2023-junior']
  policies = [...(await Promise.all(ids.map(loadPolicy))).map(({ timeline }) => timeline), compiled(TOWN).timeline, compiled(TOWN_WITH_POINTS).timeline]
})

/** A real child to whom the same happened: its facts as services would state them. */
function knowledgeOf(timeline: Timeline, state: ChildState): Knowledge {
  const outcomes = Object.fromEntries(state.outcomes)
  const valued = (ids: FactId[]) => Object.fromEntries(ids.flatMap((id) => [[id, valueOf(timeline, state, id)], ...placesOf(timeline, state, id)]))
  const facts: KnowableFact[] = [
    { aggregate: 'roster', id: 'roster', revision: 1, facts: valued(Object.keys(timeline.facts).filter((id) => timeline.facts[id]!.from)) },
    {
      aggregate: 'place', id: 'place', revision: 1, outcomes,
      seats: { held: state.held.map((basis) => ({ basis, school: 's' })), ...(state.taken ? { taken: { basis: state.taken, school: 's' } } : {}) },
    },
    ...timeline.phases.flatMap((phase): KnowableFact[] => (phase.kind === 'registration' && outcomes[phase.id] === 'filed'
      ? [{ aggregate: 'registration', id: phase.form, revision: 1, facts: valued(phase.asks) }]
      : [])),
    ...timeline.phases.flatMap((phase): KnowableFact[] => (phase.kind === 'check' && outcomes[phase.id] === 'answered'
      ? [{ aggregate: 'case', id: phase.id, revision: 1, facts: valued(phase.answers) }]
      : [])),
    ...timeline.phases.flatMap((phase): KnowableFact[] => (phase.kind === 'review' && ['approved', 'refused'].includes(outcomes[phase.id]!)
      ? [{ aggregate: 'case', id: phase.id, revision: 1, facts: valued(phase.finds) }]
      : [])),
  ]
  return foldKnowledge(timeline, facts)
}

/** Whether an address lies in each of the places that the policy names. */
function placesOf(timeline: Timeline, state: ChildState, id: FactId): [string, FactValue][] {
  if (timeline.facts[id]!.type !== 'address') return []
  return timeline.places.map((place) => [`${id}@${place}`, state.values.get(`${id}@${place}`) ?? false])
}

/** No points below 0: a table of such gives none. Of addresses that all agree any two do. */
function possible({ key, domain }: Atom, timeline: Timeline, state: ChildState): readonly FactValue[] {
  if (partsOf(timeline.facts, key).length > 0) return domain.filter((value) => Number(value) >= 0)
  const facts = sameFacts(key)
  const others = [...state.values].map(([other, value]) => ({ of: sameFacts(other), value }))
  if (facts.length === 0) return domain
  if (others.some(({ of, value }) => value === true && facts.every((fact) => of.includes(fact)))) return [true]
  return others.some(({ of, value }) => value === false && of.length > 0 && of.every((fact) => facts.includes(fact))) ? [false] : domain
}

/** The facts of which a point says whether they agree; none if it says something else. */
const sameFacts = (key: string): string[] => (key.startsWith('same ') ? key.split(' ').slice(1) : [])

function valueOf(timeline: Timeline, state: ChildState, id: FactId): FactValue {
  const agrees = (isSame: boolean) => [...state.values].some(([key, value]) => value === isSame && sameFacts(key).includes(id))
  const differs = agrees(false) && !agrees(true)
  return state.values.get(id) ?? (timeline.facts[id]!.type === 'number' ? 0 : differs ? `only-${id}` : 'the-same')
}

/** What the check says of a gate's rules, and what a service would: the check may call unknown what is already unmet. */
function expectSameVerdicts(phase: TimelinePhase, state: ChildState, judging: Judging): void {
  const knowledge = knowledgeOf(judging.timeline, state)
  for (const rule of phase.kind === 'review' ? phase.needs : []) {
    const verdict = judgeRule(rule, state, judging)
    if (typeof verdict !== 'string') continue
    const allowed = verdict === 'unknown' ? ['unknown', 'unmet'] : [verdict]
    expect(allowed).toContain(verdictOf(rule, knowledge, judging.timeline))
  }
}

describe('the check and the services', () => {
  it('agree on whom a phase asks, on every way through a season', () => {
    const choices = fc.array(fc.nat({ max: 59 }), { minLength: 120, maxLength: 120 })
    fc.assert(fc.property(fc.nat({ max: policies.length - 1 }), choices, (which, picks) => {
      const timeline = policies[which]!
      const judging: Judging = { timeline, atoms: atomsOf(timeline, conditionsIn(timeline)), ruleFacts: factsOfRules(timeline) }
      let at = 0
      const pick = <T>(options: readonly T[]): T => options[picks[at++ % picks.length]! % options.length]!
      let state = NEWCOMER
      for (const step of stepsOf(timeline).order.filter(({ phase }) => !onlyShows(phase.kind))) {
        if (state.outcomes.has(step.phase.id)) continue
        let branching = branch(step, state, judging)
        while ('open' in branching) {
          state = withValue(state, branching.open, pick(possible(branching.open, timeline, state)))
          branching = branch(step, state, judging)
        }
        expect(`${step.phase.id} ${mayEnter(timeline, step.phase.id, knowledgeOf(timeline, state)) === 'yes'}`).toBe(`${step.phase.id} ${branching.asked}`)
        if (branching.asked) expectSameVerdicts(step.phase, state, judging)
        const outcome = branching.asked && pick(branching.silenceToo ? [undefined, ...branching.outcomes] : branching.outcomes)
        if (outcome) state = afterOutcome(step, outcome, state, judging)
      }
    }), { numRuns: 500 })
  })
})
