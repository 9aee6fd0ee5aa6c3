import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Assignment, ResultFile, RoundFile } from '../../../../../contracts/rounds.js'
import { allocate } from './allocate.js'
import { checkResult, checkWaivers } from './check.js'
import { PROPERTIES, type Property } from './properties.js'
import { readRound } from './read.js'
import { rounds, roundOf, shuffled } from './round.fixture.js'
import { moveUp } from './waivers.js'

const RUNS = { numRuns: 1_000 }
const violated = (round: RoundFile, result: ResultFile): Property[] => checkResult(round, result).map(({ property }) => property)
const placesAt = ({ assignments }: ResultFile, school: string) => assignments.filter((assignment) => assignment.school === school)

describe('every property', () => {
  it('stands in docs/rounds.md word for word', async () => {
    const text = (await readFile(new URL('../../../../../docs/rounds.md', import.meta.url), 'utf8')).replaceAll(/\s+/g, ' ')
    for (const sentence of Object.values(PROPERTIES)) expect(text).toContain(sentence)
  })

  it('holds of every round by its own check', () => {
    fc.assert(fc.property(rounds(), (round) => {
      expect(readRound(round)).toEqual({ round })
      expect(checkResult(round, allocate(round))).toEqual([])
    }), RUNS)
  })
})

describe('a result', () => {
  it('has every applicant once', () => {
    fc.assert(fc.property(rounds(), (round) => {
      expect(allocate(round).assignments.map(({ applicant }) => applicant)).toEqual(round.applicants.map(({ id }) => id).sort())
    }), RUNS)
  })

  it('has nobody at a school that was not chosen', () => {
    fc.assert(fc.property(rounds(), (round) => {
      for (const { applicant, school, choice } of allocate(round).assignments) {
        if (school !== null) expect(round.applicants.find(({ id }) => id === applicant)!.choices[choice! - 1]).toBe(school)
      }
    }), RUNS)
  })

  it('has no seat over plan, but for the last unit where units are admitted', () => {
    fc.assert(fc.property(rounds({ classes: false }), (round) => {
      const result = allocate(round)
      for (const { id, plan } of round.schools) {
        const children = placesAt(result, id)
        const overPlan = children.filter(({ reason }) => reason === 'over-plan').length
        expect(children.length).toBeLessThanOrEqual(plan + overPlan)
        expect(overPlan).toBe(round.unitOverflow === 'admit' ? Math.max(0, children.length - plan) : 0)
        expect(overPlan).toBeLessThan(3)
      }
    }), RUNS)
  })

  it('keeps the children of a unit together, or splits them in order of registration', () => {
    fc.assert(fc.property(rounds(), (round) => {
      const choiceOf = new Map(allocate(round).assignments.map(({ applicant, choice }) => [applicant, choice ?? Infinity]))
      for (const name of new Set(round.applicants.flatMap(({ unit }) => unit ?? []))) {
        const choices = round.applicants.filter(({ unit }) => unit === name).map(({ id }) => choiceOf.get(id)!)
        if (round.unitOverflow === 'split') expect(choices).toEqual([...choices].sort((a, b) => a - b))
        else expect(new Set(choices).size).toBe(1)
      }
    }), RUNS)
  })

  it('leaves no seat free that a single child refused elsewhere wanted', () => {
    fc.assert(fc.property(rounds(), (round) => {
      const result = allocate(round)
      for (const { id, plan } of round.schools) {
        if (placesAt(result, id).length >= plan) continue
        const single = result.reserves[id]!.filter((waiting) => !round.applicants.find((one) => one.id === waiting)!.unit)
        expect(single).toEqual([])
      }
    }), RUNS)
  })

  it('is the same whatever the order of the file', () => {
    fc.assert(fc.property(rounds().chain((round) => fc.tuple(fc.constant(round), shuffled(round))), ([round, other]) => {
      expect(allocate(other)).toEqual(allocate(round))
    }), RUNS)
  })

  it('takes everyone at their first choice where all fit, whatever the order', () => {
    fc.assert(fc.property(rounds({ classes: false }), (round) => {
      const schools = round.schools.map((school) => ({ ...school, plan: round.applicants.filter(({ choices }) => choices[0] === school.id).length }))
      for (const { choice, reason } of allocate({ ...round, schools }).assignments) {
        expect([choice, reason]).toEqual(choice === null ? [null, 'no-school'] : [1, 'everyone-fits'])
      }
    }), RUNS)
  })
})

const waivers = rounds().chain((round) => fc.tuple(fc.constant(round), fc.subarray(round.applicants.map(({ id }) => id)), fc.subarray(round.applicants.map(({ id }) => id))))

describe('a waiver', () => {
  it('only moves people up, and whatever else held still holds', () => {
    fc.assert(fc.property(waivers, ([round, first, second]) => {
      const before = allocate(round)
      const after = moveUp(round, before, first).result
      const last = moveUp(round, after, second).result
      expect([...checkWaivers(before, after), ...checkWaivers(after, last)]).toEqual([])
      expect([...checkResult(round, after), ...checkResult(round, last)]).toEqual([])
    }), RUNS)
  })

  it('moves nobody where nobody waives', () => {
    fc.assert(fc.property(rounds(), (round) => {
      const result = allocate(round)
      expect(moveUp(round, result, [])).toEqual({ result, moves: [] })
    }), RUNS)
  })
})

describe('a check', () => {
  const round = roundOf({ s1: 1, s2: 2 }, { a: ['s1', 's2'], b: ['s1', 's2'], c: ['s1'], d: ['s2'] })
  const sound = allocate(round)
  const placed = (changes: Record<string, Partial<Assignment>>, rest: Partial<ResultFile> = {}): ResultFile => ({
    ...sound, ...rest, assignments: sound.assignments.map((assignment) => ({ ...assignment, ...changes[assignment.applicant] })),
  })

  it('finds nothing wrong with a sound result', () => expect(violated(round, sound)).toEqual([]))

  it.each<[Property, string, ResultFile]>([
    ['complete', 'an applicant is missing', { ...sound, assignments: sound.assignments.slice(1) }],
    ['complete', 'an applicant is there twice', { ...sound, assignments: [...sound.assignments, sound.assignments[0]!] }],
    ['chosen', 'a child is at a school it did not choose', placed({ c: { school: 's2', choice: 1 } })],
    ['chosen', 'a choice has the wrong number', placed({ b: { choice: 1 } })],
    ['plan', 'a school has too many', placed({ c: { school: 's1', choice: 1 } })],
    ['plan', 'a single child is over plan', placed({ c: { school: 's1', choice: 1, reason: 'over-plan' } })],
    ['claims', 'two have changed places', placed({ a: { school: 's2', choice: 2 }, b: { school: 's1', choice: 1 } })],
    ['free-seats', 'a seat stays free', placed({ d: { school: null, choice: null, reason: 'no-seat' } })],
    ['reserves', 'somebody is missing in the reserves', { ...sound, reserves: { ...sound.reserves, s1: ['c'] } }],
    ['reserves', 'the reserves are out of order', { ...sound, reserves: { ...sound.reserves, s1: ['c', 'b'] } }],
    ['input-order', 'a reason is not what the engine says', placed({ a: { reason: 'own-seat' } })],
  ])('finds by «%s» that %s', (property, _what, result) => expect(violated(round, result)).toContain(property))

  it('finds a unit that would rather be where weaker claims are, in a round of one order', () => {
    const twins = roundOf({ s1: 2 }, {}, {
      applicants: [...['x', 'y'].map((id) => ({ id, choices: ['s1'], unit: 't' })), ...['a', 'b'].map((id) => ({ id, choices: ['s1'] }))],
      orders: { default: { kind: 'listed', ids: ['x', 'y', 'a', 'b'] } },
    })
    const result = allocate({ ...twins, orders: { default: { kind: 'listed', ids: ['a', 'b', 'x', 'y'] } } })
    expect(violated(twins, result)).toContain('claims')
    expect(violated(twins, allocate(twins))).toEqual([])
  })

  it('finds units that were parted, or split out of order', () => {
    const twins = roundOf({ s1: 2, s2: 2 }, {}, {
      applicants: ['x', 'y'].map((id) => ({ id, choices: ['s1', 's2'], unit: 't' })), orders: { default: { kind: 'lottery' } }, seed: '00',
    })
    const result = allocate(twins)
    const parted = { ...result, assignments: result.assignments.map((one): Assignment => (one.applicant === 'x' ? { ...one, school: 's2', choice: 2 } : one)) }
    expect(violated(twins, parted)).toEqual(['units'])
    expect(violated({ ...twins, unitOverflow: 'split' }, parted)).toEqual(['units'])
  })

  it('finds a unit that is over plan as a whole, or where none may be', () => {
    const twins = roundOf({ s1: 0 }, {}, { applicants: ['x', 'y'].map((id) => ({ id, choices: ['s1'], unit: 't' })), orders: { default: { kind: 'lottery' } }, seed: '00', unitOverflow: 'admit' })
    const over: ResultFile = { ...allocate(twins), assignments: ['x', 'y'].map((applicant) => ({ applicant, school: 's1', choice: 1, reason: 'over-plan' })) }
    expect(violated(twins, over)).toEqual(['plan'])
    expect(violated({ ...twins, unitOverflow: 'skip' }, over)).toContain('plan')
  })

  it('finds who has moved down by a waiver', () => {
    expect(checkWaivers(sound, placed({ a: { school: 's2', choice: 2 } }))).toEqual([{ property: 'waivers', what: 'a has moved down, to s2' }])
    expect(checkWaivers(sound, placed({ a: { school: null, choice: null, reason: 'no-seat' } }))).toHaveLength(1)
    expect(checkWaivers(sound, placed({ a: { school: null, choice: null, reason: 'waived' } }))).toEqual([])
  })
})
