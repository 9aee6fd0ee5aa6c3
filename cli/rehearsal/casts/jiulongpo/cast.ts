import type { Timeline } from '../../../../policies/timeline.js'
import { chance } from '../../chance.js'
import { castLives } from '../lives.js'
import type { Cast, Family } from '../../families.js'
import { makePerson } from '../../people.js'
import { actingIn } from './acting.js'
import { homeIn, planCity } from './city.js'
import { LIFE, PARTS, type LifeId } from './lives.js'
import { OCCURRENCES } from './occurrences.js'
import { plansFor } from './plans.js'
import { scriptUnder } from './script.js'

const HOUSES = 400
/** Households, owners, special groups, the draw and purchases have results and windows within a few days of June. */
const SIDE_BY_SIDE = 1.35

/**
 * The children of a rehearsal of Jiulongpo with the district they live in, all from one seed.
 * @throws TooFewChildrenError
 */
export function castJiulongpo(timeline: Timeline, children: number, seed: number): Cast {
  const turns = new Map<LifeId, number>()
  const families = castLives(PARTS, { life: 'ordinary', least: LIFE.ordinary.least }, children, seed).map((life, index) => {
    const turn = turns.get(life) ?? 0
    turns.set(life, turn + 1)
    return makeFamily({ timeline, life, turn, index, seed })
  })
  return { families, catalogue: planCity(plansFor(families), timeline.places), acting: actingIn(timeline, families), sideBySide: SIDE_BY_SIDE, occurrences: OCCURRENCES }
}

interface Casting {
  timeline: Timeline
  life: LifeId
  turn: number
  index: number
  seed: number
}

function makeFamily({ timeline, life, turn, index, seed }: Casting): Family {
  const { lives, tell, isMigrant = false } = LIFE[life]
  const home = homeIn(lives[turn % lives.length]!)
  const houseNumber = 1 + Math.floor(chance(seed, 'house', index) * HOUSES)
  const at = (street: string) => ({ district: home.district, street, number: houseNumber, room: '' })
  const told = tell({ home: at(home.street), elsewhere: at(homeIn('shiqiaopu').street), turn })
  const facts = { local: !isMigrant, graduate: true }
  return {
    index, life, home, houseNumber,
    person: makePerson(seed, index),
    rosterFacts: Object.fromEntries(Object.entries(facts).filter(([fact]) => timeline.facts[fact]?.from === 'roster')),
    script: scriptUnder(timeline, told),
  }
}
