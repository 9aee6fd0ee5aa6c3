import { beforeAll, describe, expect, it } from 'vitest'
import { inGroup, verdictOf } from '../../../../policies/conditions.js'
import { told } from '../../../../policies/jiulongpo.fixture.js'
import { foldKnowledge } from '../../../../policies/knowledge.js'
import { loadPolicy } from '../../../../policies/load.js'
import { phaseById, phasesOfKind, type Timeline, type TimelinePhaseOf } from '../../../../policies/timeline.js'
import { judgeSubmission } from '../../../../services/registration/domain/answers.js'
import { disclose } from '../../../../services/registration/domain/snapshots.js'
import { castFamilies, NoCastError } from '../cast.js'
import { castLives, TooFewChildrenError } from '../lives.js'
import type { Cast, Family } from '../../families.js'
import { missingOccurrences } from '../../occurrences.js'
import type { Answers } from '../../script.js'
import { LIFE, PARTS, type LifeId } from './lives.js'

const CHILDREN = 200

describe.each(['jiulongpo-2023-primary', 'jiulongpo-2023-junior'])('the cast of %s', (policy) => {
  let timeline: Timeline
  let cast: Cast
  beforeAll(async () => {
    timeline = (await loadPolicy(policy)).timeline
    cast = castFamilies(timeline, CHILDREN, 1)
  })
  const registration = (id: string) => phaseById(timeline, id) as TimelinePhaseOf<'registration'>
  const leading = (life: LifeId): Family => cast.families.find((family) => family.life === life)!

  it('leads every life the notice speaks of', () => {
    expect(new Set(cast.families.map(({ life }) => life))).toEqual(new Set(Object.keys(LIFE)))
    expect(cast.families).toHaveLength(CHILDREN)
  })

  it('files forms that registration takes, and names schools of the group that a phase offers', () => {
    const known = { districts: new Set(cast.catalogue.districts.map(({ id }) => id)), schools: new Set(cast.catalogue.schools.map(({ id }) => id)) }
    for (const { script } of cast.families) {
      for (const [phase, { answers, first }] of Object.entries(script.forms)) {
        for (const form of [answers, ...(first ? [first] : [])]) {
          expect(judgeSubmission({ timeline, phase: registration(phase), catalogue: known }, { answers: form as never })).toEqual({ ok: true })
        }
      }
      for (const [id, { schools }] of Object.entries(script.choices)) {
        const phase = phaseById(timeline, id) as TimelinePhaseOf<'choice'>
        expect(schools.length).toBeLessThanOrEqual(phase.choose)
        for (const school of schools) {
          const { facts } = cast.catalogue.schools.find((one) => one.id === school)!
          expect(phase.among.some((group) => inGroup(timeline, group, facts))).toBe(true)
        }
      }
    }
  })

  it('has reviewers find only what the policy lets them find', () => {
    for (const { script: { papers } } of cast.families) {
      if (papers === 'none') continue
      for (const [id, { findings = {} }] of Object.entries(papers)) {
        expect(phasesOfKind(timeline, 'review').find((review) => review.id === id)!.finds).toEqual(expect.arrayContaining(Object.keys(findings)))
      }
    }
  })

  /** What is known once the form is filed and authorities and reviewers have said what the script says. */
  const verdict = (life: LifeId, rule: string, phase: string) => {
    const { script, rosterFacts } = leading(life)
    const at = cast.catalogue
    const { facts } = disclose(script.forms[phase]!.answers as never, { zones: at.zones as never, places: timeline.places, mapped: at.places as never }, (line) => line)
    const { form } = registration(phase)
    const checks = phasesOfKind(timeline, 'check').map((check) => told.case(check.id, 'answered', answered(script.authorities[check.by[0]!]?.values ?? {}, check.answers)))
    const reviews = phasesOfKind(timeline, 'review').flatMap((review) => {
      const papers = script.papers === 'none' ? undefined : script.papers[review.id]
      return review.who === 'everyone' ? [] : [told.case(review.id, 'approved', (papers?.findings ?? {}) as Answers as never)]
    })
    return verdictOf(rule, foldKnowledge(timeline, [told.roster(rosterFacts), told.filed(phase, form, facts), ...checks, ...reviews]), timeline)
  }
  const answered = (values: Record<string, unknown>, facts: readonly string[]) =>
    Object.fromEntries(Object.entries(values).filter(([fact]) => facts.includes(fact))) as Record<string, string>

  it.each<[LifeId, string, string, string]>([
    ['ordinary', 'zoned-right', 'household-application', 'met'],
    ['three-match-in-a-crowded-zone', 'zoned-right', 'household-application', 'met'],
    ['like-three-match', 'like-three-match', 'household-application', 'met'],
    ['like-three-match', 'three-match', 'household-application', 'unmet'],
    ['moved-in-too-late', 'zoned-right', 'household-application', 'unmet'],
    ['dwelling-was-used', 'six-years-one-household', 'household-application', 'unmet'],
    ['lives-elsewhere', 'zoned-right', 'household-application', 'unmet'],
    ['late-in-a-full-zone', 'zoned-right', 'household-late', 'met'],
    ['late-and-lives-elsewhere', 'zoned-right', 'household-late', 'unmet'],
    ['draw-crowded', 'converted-right', 'household-application', 'met'],
    ['purchase-early', 'purchase-right', 'purchase-application', 'met'],
    ['purchase-refused', 'purchase-right', 'purchase-application', 'unmet'],
    ['points-few', 'points-right', 'points-application', 'met'],
  ])('tells of %s that its %s in %s is %s', (life, rule, phase, expected) => {
    expect(verdict(life, rule, phase)).toBe(expected)
  })

  it('makes fewer seats than are wanted where somebody must lose', () => {
    const plan = (school: string) => cast.catalogue.schools.find(({ id }) => id === school)!.plan
    const first = (phase: string, school: string) => cast.families.filter(({ script }) => script.choices[phase]?.schools[0] === school).length
    expect(plan('gaomiao')).toBeLessThan(first('purchase-choice', 'gaomiao'))
    expect(plan('erlang')).toBeLessThan(first('points-choice', 'erlang'))
    const before = (form: string, school: string) => cast.families.filter(({ script }) => Object.values(script.forms[form]?.answers ?? {}).includes(school)).length
    expect(plan('crowded') - before('contract-application', 'crowded') - before('special-application', 'crowded')).toBeLessThan(first('converted-choice', 'crowded'))
    expect(plan('quiet')).toBeGreaterThanOrEqual(first('converted-choice', 'quiet'))
  })

  it('demands of a season in which nothing happened all that the notice speaks of', () => {
    const missing = missingOccurrences(cast.occurrences, { timeline, catalogue: cast.catalogue, stories: [] })
    expect(missing).toHaveLength(cast.occurrences.length - 1)
  })
})

describe('the lives of a cast', () => {
  it('are refused to fewer children than they need', () => {
    expect(() => castLives(PARTS, { life: 'ordinary', least: 9 }, 50, 1)).toThrow(TooFewChildrenError)
  })

  it('are the same for the same seed, and twins stand side by side', () => {
    const parts = { single: { share: 0.1, least: 1 }, pair: { share: 0.2, least: 4, inPairs: true } }
    const cast = castLives(parts, { life: 'rest', least: 1 }, 40, 7)
    expect(castLives(parts, { life: 'rest', least: 1 }, 40, 7)).toEqual(cast)
    expect(cast.filter((life) => life === 'single')).toHaveLength(4)
    const pairs = cast.flatMap((life, at) => (life === 'pair' ? [at] : []))
    expect(pairs).toHaveLength(8)
    expect(pairs.every((at) => cast[at - 1] === 'pair' || cast[at + 1] === 'pair')).toBe(true)
  })
})

it('a policy whose rounds no cast plays is refused by name', async () => {
  const { timeline } = await loadPolicy('jiulongpo-2023-primary')
  const other = { ...timeline, policy: { ...timeline.policy, id: 'elsewhere-2030' } }
  expect(() => castFamilies(other, CHILDREN, 1)).toThrow(NoCastError)
  expect(() => castFamilies(other, CHILDREN, 1)).toThrow(/elsewhere-2030.*household-adjusted is residual/)
})
