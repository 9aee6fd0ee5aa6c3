import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RoundFile } from '../../../../../contracts/rounds.js'
import { allocate } from './allocate.js'
import { bestForAll, countResults, isStable, partiesOf, serveByChoice, serveInOrder, stableResults, type Places } from './by-hand.fixture.js'
import { rounds } from './round.fixture.js'

const RUNS = 1_000
const TRIED_AT_MOST = 1_024
const told = (places: Places) => Object.fromEntries([...places].flatMap(([party, place]) => party.map(({ id }) => [id, place])))
const decided = (round: RoundFile) => Object.fromEntries(allocate(round).assignments.map(({ applicant, school }) => [applicant, school]))

describe('the engine', () => {
  it('serves one after another in a serial round without classes, whatever becomes of units', () => {
    fc.assert(fc.property(rounds({ mechanisms: ['serial'], classes: false }), (round) => {
      expect(decided(round)).toEqual(told(serveInOrder(round)))
    }), { numRuns: RUNS })
  })

  it('gives seats choice by choice in an immediate round without classes, whatever becomes of units', () => {
    fc.assert(fc.property(rounds({ mechanisms: ['immediate'], classes: false }), (round) => {
      expect(decided(round)).toEqual(told(serveByChoice(round)))
    }), { numRuns: RUNS })
  })

  it('finds, of all results in which nobody has a better claim to a seat than its holder, the one best for everyone', () => {
    fc.assert(fc.property(rounds({ overflows: ['admit', 'split'], families: 4 }), (round) => {
      fc.pre(countResults(round) <= TRIED_AT_MOST)
      expect(decided(round)).toEqual(told(bestForAll(stableResults(round))!))
    }), { numRuns: RUNS })
  })

  it('finds it too where nobody is in a unit to be skipped', () => {
    fc.assert(fc.property(rounds({ overflows: ['skip'], units: false, families: 5 }), (round) => {
      fc.pre(countResults(round) <= TRIED_AT_MOST)
      expect(decided(round)).toEqual(told(bestForAll(stableResults(round))!))
    }), { numRuns: RUNS })
  })

  it('finds such a result for units to be skipped too, wherever there is one, in 3,000 rounds of which some have none', () => {
    const some = fc.sample(rounds({ mechanisms: ['deferred'], overflows: ['skip'], families: 7 }), { numRuns: 3_000, seed: 7 })
    const stable = some.filter((round) => countResults(round) <= TRIED_AT_MOST).map((round) => ({ found: isStable(round, placesIn(round)), exists: stableResults(round).length > 0 }))
    expect(stable.filter(({ exists }) => !exists).length).toBeGreaterThan(0)
    expect(stable.filter(({ found, exists }) => exists && !found)).toEqual([])
  })
})

function placesIn(round: RoundFile): Places {
  const schools = decided(round)
  return new Map(partiesOf(round).map((party) => [party, schools[party[0]!.id] ?? null]))
}
