import { buildCity, planCity, type Catalogue, type City, type Home } from './city.js'
import { chance, pick } from './chance.js'
import { rosterFacts } from './facts.js'
import { castLives, LIFE, type Life, type LifeId } from './lives.js'
import { makePerson, type Person } from './people.js'
import type { FactValue } from '../../policies/language.js'
import type { Timeline } from '../../policies/timeline.js'

/** One child with its guardian, home and life. */
export interface Family {
  index: number
  life: LifeId
  plan: Life
  person: Person
  home: Home
  houseNumber: number
  rosterFacts: Record<string, FactValue>
  /** School it applies to in the first choice phase, and the one it tries for when vacancies are given. */
  applyTo?: string
  tryFor?: string
  /** Position of the twin. */
  twin?: number
  /** Opaque id, known once the guardian has looked it up. */
  child?: string
}

export interface Cast {
  catalogue: Catalogue
  families: Family[]
}

/**
 * The children of a rehearsal with the city they live in, all from one seed; no service ever sees a life.
 * @throws RangeError if there are too few children for every life to occur
 */
export function castFamilies(timeline: Timeline, children: number, seed: number): Cast {
  const city = buildCity(timeline, children)
  const lives = castLives(children, seed)
  const families: Family[] = []
  const counters = new Map<LifeId, number>()
  for (const [index, life] of lives.entries()) {
    const twinOf = secondTwin(lives, families, index) ? families[index - 1] : undefined
    const turn = counters.get(life) ?? 0
    if (!twinOf) counters.set(life, turn + 1)
    families.push(makeFamily({ timeline, city, life, index, seed, turn, twinOf }))
    if (twinOf) twinOf.twin = index
  }
  return { families, catalogue: planCity(city, demandOf(families)) }
}

function secondTwin(lives: LifeId[], families: Family[], index: number): boolean {
  const before = families[index - 1]
  return LIFE[lives[index] ?? 'ordinary'].twins !== 'none' && before?.life === lives[index] && before?.twin === undefined
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

function makeFamily({ timeline, city, life, index, seed, turn, twinOf }: Casting): Family {
  const plan = LIFE[life]
  const district = city.districts[turn % city.districts.length]?.id ?? ''
  const home = twinOf?.home ?? pick(city.homes.filter((candidate) => candidate.district === district), seed, 'home', index)
  const chosen = city.chosen[home.district]
  if (!chosen) throw new RangeError(`district ${home.district} has no school to choose`)
  const applyTo = plan.applies === 'crowded' ? chosen.crowded : plan.applies === 'nothing' ? undefined : chosen.quiet
  return {
    index,
    life,
    plan,
    person: makePerson(seed, index, twinOf ? { twinOf: twinOf.index } : {}),
    home,
    houseNumber: twinOf?.houseNumber ?? 1 + Math.floor(chance(seed, 'house', index) * 400),
    rosterFacts: rosterFacts(timeline, plan.applies === 'own-school', chosen.quiet),
    ...(applyTo !== undefined && { applyTo }),
    ...(plan.vacancy && { tryFor: turn % 2 === 0 ? chosen.quiet : chosen.crowded }),
    ...(twinOf && { twin: twinOf.index }),
  }
}

function demandOf(families: Family[]) {
  const byZone = new Map<string, number>()
  const bySchool = new Map<string, number>()
  const add = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1)
  for (const family of families) {
    add(byZone, family.home.zone)
    if (family.applyTo !== undefined) add(bySchool, family.applyTo)
  }
  return { byZone, bySchool }
}
