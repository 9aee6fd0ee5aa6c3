import { createHash } from 'node:crypto'
import type { ClaimOrder, RoundApplicant, RoundFile, RoundSchool } from '../../../../../contracts/rounds.js'

/**
 * The rules of docs/rounds.md a second time, as plainly as they can be written and as slow: child by child, on ids.
 * Shares no code with the engine.
 */

/** Those who ask for seats as one, in order of registration. */
export type Party = RoundApplicant[]
/** The school of each party, or null. */
export type Places = Map<Party, string | null>

/** The parties of a round: units, or under `split` every child alone. */
export function partiesOf({ applicants, unitOverflow }: RoundFile): Party[] {
  const names = new Set(applicants.map(({ id, unit }) => unit ?? id))
  const units = Array.from(names, (name) => applicants.filter(({ id, unit }) => (unit ?? id) === name).sort((a, b) => (a.id < b.id ? -1 : 1)))
  return unitOverflow === 'split' ? units.flat().map((child) => [child]) : units
}

const ticket = (round: RoundFile, { id, unit }: RoundApplicant) =>
  createHash('sha256').update(Buffer.from(round.seed!, 'hex')).update(unit ?? id).digest('hex')

/** Everybody of the child's unit, whose weakest claim counts for all. */
const unitOf = ({ applicants }: RoundFile, child: RoundApplicant) => applicants.filter(({ id, unit }) => (child.unit ? unit === child.unit : id === child.id))

function compareBy(order: ClaimOrder, a: RoundApplicant, b: RoundApplicant): number {
  if (order.kind === 'lottery') return 0
  if (order.kind === 'listed') return order.ids.indexOf(a.id) - order.ids.indexOf(b.id)
  for (const { key, direction } of order.by) {
    const [left, right] = [a.keys![key]!, b.keys![key]!]
    if (left < right) return direction === 'asc' ? -1 : 1
    if (left > right) return direction === 'asc' ? 1 : -1
  }
  return 0
}

/** Whether the first party's claim to a school is better. */
export function isBetter(round: RoundFile, school: RoundSchool, [a]: Party, [b]: Party): boolean {
  const choice = (child: RoundApplicant) => (round.mechanism === 'immediate' ? child.choices.indexOf(school.id) : 0)
  const tier = (child: RoundApplicant) => {
    const at = (school.classes ?? []).findIndex(({ id, seats }) => id === child.class && seats === undefined)
    return at < 0 ? Infinity : at
  }
  if (choice(a!) !== choice(b!)) return choice(a!) < choice(b!)
  if (tier(a!) !== tier(b!)) return tier(a!) < tier(b!)
  if (a!.unit !== undefined && a!.unit === b!.unit) return a!.id < b!.id
  const order = round.orders[school.id] ?? round.orders['default']!
  const weakest = (child: RoundApplicant) => unitOf(round, child).reduce((weaker, other) => (compareBy(order, weaker, other) < 0 ? other : weaker))
  const compared = compareBy(order, weakest(a!), weakest(b!))
  return compared === 0 ? ticket(round, a!) < ticket(round, b!) : compared < 0
}

/** How many of a party's children find a seat at a school, if these parties come to it: child by child, the best first. */
export function seatsFor(round: RoundFile, school: RoundSchool, parties: readonly Party[], party: Party): number {
  const children = [...parties].sort((a, b) => (isBetter(round, school, a, b) ? -1 : 1)).flat()
  const seated = new Set<RoundApplicant>()
  const own = (school.classes ?? []).filter(({ seats }) => seats !== undefined)
  for (const { id, seats } of own) for (const child of children.filter((one) => one.class === id).slice(0, seats)) seated.add(child)
  let open = school.plan - seated.size
  for (const child of children) {
    if (seated.has(child)) continue
    if (open > 0) seated.add(child)
    open -= 1
  }
  return party.filter((child) => seated.has(child)).length
}

const enough = ({ unitOverflow }: RoundFile, party: Party, seats: number) => (unitOverflow === 'admit' ? seats > 0 : seats === party.length)

/** Everyone at a school would be kept there, and nobody would be kept at a school of an earlier choice than the own place. */
export function isStable(round: RoundFile, places: Places): boolean {
  const at = (school: string) => [...places].filter(([, place]) => place === school).map(([party]) => party)
  return round.schools.every((school) => {
    const holders = at(school.id)
    const wishing = [...places].filter(([[first], place]) => {
      const wish = first!.choices.indexOf(school.id)
      return wish >= 0 && (place === null || wish < first!.choices.indexOf(place))
    })
    return (
      holders.every((party) => enough(round, party, seatsFor(round, school, holders, party)))
      && wishing.every(([party]) => !enough(round, party, seatsFor(round, school, [...holders, party], party)))
    )
  })
}

/** How many results there are to try. */
export const countResults = (round: RoundFile): number => partiesOf(round).reduce((product, [first]) => product * (first!.choices.length + 1), 1)

/** All stable results, found by trying every one there is. */
export function stableResults(round: RoundFile): Places[] {
  const parties = partiesOf(round)
  const all = parties.reduce<Places[]>((some, party) => some.flatMap((places) => [...party[0]!.choices, null].map((place) => new Map(places).set(party, place))), [new Map()])
  return all.filter((places) => isStable(round, places))
}

/** The stable result that everyone finds at least as good as any other, if there is one. */
export function bestForAll(results: readonly Places[]): Places | undefined {
  const rank = (places: Places, party: Party) => {
    const place = places.get(party)!
    return place === null ? Infinity : party[0]!.choices.indexOf(place)
  }
  return results.find((best) => results.every((other) => [...best.keys()].every((party) => rank(best, party) <= rank(other, party))))
}

/** Serves the parties one after another in the one order there is: 排序优先, 志愿循序, 额满为止. */
export function serveInOrder(round: RoundFile): Places {
  const [anySchool] = round.schools
  const places: Places = new Map()
  const left = new Map(round.schools.map(({ id, plan }) => [id, plan]))
  for (const party of partiesOf(round).sort((a, b) => (isBetter(round, anySchool!, a, b) ? -1 : 1))) {
    const place = party[0]!.choices.find((school) => (round.unitOverflow === 'admit' ? left.get(school)! > 0 : left.get(school)! >= party.length))
    if (place !== undefined) left.set(place, left.get(place)! - party.length)
    places.set(party, place ?? null)
  }
  return places
}

/** First all first choices, each school in its order, then what is left to all second choices, and so on: 志愿优先. */
export function serveByChoice(round: RoundFile): Places {
  const places: Places = new Map(partiesOf(round).map((party) => [party, null]))
  const left = new Map(round.schools.map(({ id, plan }) => [id, plan]))
  for (const choice of round.schools.keys()) {
    for (const school of round.schools) {
      const asking = [...places].filter(([party, place]) => place === null && party[0]!.choices[choice] === school.id).map(([party]) => party)
      for (const party of asking.sort((a, b) => (isBetter(round, school, a, b) ? -1 : 1))) {
        const seats = left.get(school.id)!
        if (round.unitOverflow === 'admit' ? seats <= 0 : seats < party.length) continue
        places.set(party, school.id)
        left.set(school.id, seats - party.length)
      }
    }
  }
  return places
}
