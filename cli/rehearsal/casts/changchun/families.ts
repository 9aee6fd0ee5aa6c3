import type { Timeline } from '../../../../policies/timeline.js'
import { chance, pick } from '../../chance.js'
import type { Cast, Family } from '../../families.js'
import { makePerson } from '../../people.js'
import { castLives } from '../lives.js'
import { actingByKind } from './acting.js'
import { buildCity, planCity, type City } from './city.js'
import { rosterFacts } from './facts.js'
import { LEAST_ORDINARY, LIFE, PARTS, type LifeId } from './lives.js'
import { OCCURRENCES } from './occurrences.js'
import { scriptOf } from './script.js'

/**
 * The children of a rehearsal of Changchun, or of a city like it, with the city they live in, all from one seed.
 * @throws TooFewChildrenError
 */
export function castChangchun(timeline: Timeline, children: number, seed: number): Cast {
  const city = buildCity(timeline, children)
  const lives = castLives(PARTS, { life: 'ordinary', least: LEAST_ORDINARY }, children, seed)
  const families: Member[] = []
  const counters = new Map<LifeId, number>()
  for (const [index, life] of lives.entries()) {
    const twinOf = secondTwin(lives, families, index) ? families[index - 1] : undefined
    const turn = counters.get(life) ?? 0
    if (!twinOf) counters.set(life, turn + 1)
    families.push(makeFamily({ timeline, city, life, index, seed, turn, twinOf }))
    if (twinOf) twinOf.twin = index
  }
  return { families, catalogue: planCity(city, demandOf(families)), acting: actingByKind(timeline, children), sideBySide: 1, occurrences: OCCURRENCES }
}

interface Member extends Family {
  life: LifeId
  /** The school it applies to, by a choice or by the form of its own school. */
  applyTo?: string
}

function secondTwin(lives: LifeId[], families: Family[], index: number): boolean {
  const before = families[index - 1]
  return LIFE[lives[index] ?? 'ordinary'].twins !== undefined && before?.life === lives[index] && before?.twin === undefined
}

interface Casting {
  timeline: Timeline
  city: City
  life: LifeId
  index: number
  seed: number
  /** How many families of this life came before: spreads a life evenly over the districts. */
  turn: number
  twinOf: Family | undefined
}

function makeFamily({ timeline, city, life, index, seed, turn, twinOf }: Casting): Member {
  const plan = LIFE[life]
  const district = city.districts[turn % city.districts.length]?.id ?? ''
  const home = twinOf?.home ?? pick(city.homes.filter((candidate) => candidate.district === district), seed, 'home', index)
  const chosen = city.chosen[home.district]
  if (!chosen) throw new RangeError(`district ${home.district} has no school to choose`)
  const applyTo = plan.applies === 'crowded' ? chosen.crowded : plan.applies === 'nothing' ? undefined : chosen.quiet
  const houseNumber = twinOf?.houseNumber ?? 1 + Math.floor(chance(seed, 'house', index) * 400)
  return {
    index,
    life,
    person: makePerson(seed, index, twinOf ? { twinOf: twinOf.index } : {}),
    home,
    houseNumber,
    rosterFacts: rosterFacts(timeline, plan.applies === 'own-school', chosen.quiet),
    script: scriptOf(timeline, plan, {
      address: { district: home.district, street: home.street, number: houseNumber, room: '' },
      school: applyTo ?? city.schools[0]?.id ?? '',
      applyTo,
      tryFor: plan.vacancy ? (turn % 2 === 0 ? chosen.quiet : chosen.crowded) : undefined,
      isSecondTwin: twinOf !== undefined,
    }),
    ...(applyTo !== undefined && { applyTo }),
    ...(twinOf && { twin: twinOf.index }),
  }
}

function demandOf(families: readonly Member[]) {
  const byZone = new Map<string, number>()
  const bySchool = new Map<string, number>()
  const add = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1)
  for (const family of families) {
    add(byZone, family.home.zone)
    if (family.applyTo !== undefined) add(bySchool, family.applyTo)
  }
  return { byZone, bySchool }
}
