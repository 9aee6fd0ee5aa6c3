import { DEFAULT_ORDER, type RoundFile } from '../../../../../contracts/rounds.js'
import { Ranking, type RankedUnit, type TicketOf } from './ranking.js'

/**
 * By school, the choices of it as its order ranks them. Those of a unit stand in the order of its members.
 * @param choicesEnd by unit, where its choices end and those of the next one begin
 */
export function rankChoices({ orders, schools }: RoundFile, units: readonly RankedUnit[], choicesEnd: Int32Array, schoolOf: Int32Array, ticketOf: TicketOf | undefined): Int32Array[] {
  const sharing: number[] = []
  // The units that an order must rank, by school; schools without an order of their own share one list.
  const rankedAt = schools.map(({ id }) => (Object.hasOwn(orders, id) ? [] : sharing))
  const lengths = new Int32Array(schools.length)
  eachChoice(units.keys(), choicesEnd, (choice, unit) => {
    const ranked = rankedAt[schoolOf[choice]!]!
    if (ranked.at(-1) !== unit) ranked.push(unit)
    lengths[schoolOf[choice]!]! += 1
  })
  const queues = Array.from(lengths, (length) => new Int32Array(length))
  const filled = new Int32Array(schools.length)
  const ranking = new Ranking(units, ticketOf)
  const orderOf = new Map(schools.map(({ id }, school) => [rankedAt[school]!, orders[Object.hasOwn(orders, id) ? id : DEFAULT_ORDER]!]))
  for (const [ranked, order] of orderOf) {
    if (ranked.length === 0) continue
    eachChoice(ranking.sort(ranked, order), choicesEnd, (choice) => {
      const school = schoolOf[choice]!
      if (rankedAt[school] === ranked) queues[school]![filled[school]!++] = choice
    })
  }
  return queues
}

function eachChoice(units: Iterable<number>, choicesEnd: Int32Array, visit: (choice: number, unit: number) => void): void {
  for (const unit of units) {
    const end = choicesEnd[unit]!
    for (let choice = unit === 0 ? 0 : choicesEnd[unit - 1]!; choice < end; choice += 1) visit(choice, unit)
  }
}
