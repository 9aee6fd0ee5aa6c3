import { DEFAULT_ORDER, type RoundFile } from '../../../../../contracts/rounds.js'
import { Ranking, type RankedUnit, type TicketOf } from './ranking.js'

/**
 * By school, the choices of it as its order ranks them. Those of a unit stand in the order of its members.
 * @param unitOf by choice; the choices of a unit follow each other
 * @param schoolOf by choice
 */
export function rankChoices({ orders, schools }: RoundFile, units: readonly RankedUnit[], unitOf: Int32Array, schoolOf: Int32Array, ticketOf: TicketOf | undefined): Int32Array[] {
  const sharing: number[] = []
  // The choices that an order must rank, by school; schools without an order of their own share one list.
  const choicesAt = schools.map(({ id }) => (Object.hasOwn(orders, id) ? [] : sharing))
  const lengths = new Int32Array(schools.length)
  schoolOf.forEach((school, choice) => {
    choicesAt[school]!.push(choice)
    lengths[school]! += 1
  })
  const queues = Array.from(lengths, (length) => new Int32Array(length))
  const filled = new Int32Array(schools.length)
  const ranking = new Ranking(units, ticketOf)
  const startOf = new Int32Array(units.length)
  const orderOf = new Map(schools.map(({ id }, school) => [choicesAt[school]!, orders[Object.hasOwn(orders, id) ? id : DEFAULT_ORDER]!]))
  for (const [choices, order] of orderOf) {
    if (choices.length === 0) continue
    for (const unit of ranking.sort(startsIn(choices), order)) {
      for (let at = startOf[unit]!; unitOf[choices[at]!] === unit; at += 1) {
        const school = schoolOf[choices[at]!]!
        queues[school]![filled[school]!++] = choices[at]!
      }
    }
  }
  return queues

  /** The units with choices in a list; notes where those of each begin. */
  function startsIn(choices: readonly number[]): number[] {
    const ranked: number[] = []
    choices.forEach((choice, at) => {
      const unit = unitOf[choice]!
      if (ranked.at(-1) === unit) return
      ranked.push(unit)
      startOf[unit] = at
    })
    return ranked
  }
}
