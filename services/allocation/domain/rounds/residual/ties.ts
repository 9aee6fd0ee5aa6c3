import { childrenAt, NOWHERE, type Network, type Placement } from './network.js'
import type { Priced } from './shortest.js'

/**
 * Decides by ticket among the placements of least distance: child after child, the best ticket first, gets the
 * nearest school that leaves the total as it is and the earlier children where they are; of equally near schools the
 * one whose id comes first. What can change without changing the total is what the prices say: a child may be at any
 * school where metres and price together are least for it, and a seat may become free where the price is 0.
 */
export function settleTies(network: Network, { placement, prices }: Priced): Placement {
  const { children, schools, metres, seats } = network
  const settled = Int32Array.from(placement)
  const at = childrenAt(network, settled)
  const costOf = (child: number, school: number) => metres[child * schools + school]! + prices[school]!
  const isEqual = (child: number, school: number) => costOf(child, school) === costOf(child, settled[child]!)

  for (let child = 0; child < children; child += 1) {
    if (settled[child] === NOWHERE) continue
    for (const school of equalFor(child)) if (school === settled[child] || moveTo(child, school)) break
  }
  return settled

  /** The schools where a child may be, the nearest first. */
  function equalFor(child: number): number[] {
    const equal: number[] = []
    for (let school = 0; school < schools; school += 1) if (isEqual(child, school)) equal.push(school)
    return equal.sort((a, b) => metres[child * schools + a]! - metres[child * schools + b]! || a - b)
  }

  /** Moves a child, and later ones on, until one comes to the seat it left, or to a free one if that may be left. */
  function moveTo(child: number, wanted: number): boolean {
    const left = settled[child]!
    const isEnd = (school: number) => school === left || (prices[left] === 0 && at[school]!.length < seats[school]!)
    const comer = new Map([[wanted, child]])
    for (const school of comer.keys()) {
      if (isEnd(school)) return follow(comer, school, child)
      for (const later of at[school]!) {
        if (later <= child) continue
        for (let next = 0; next < schools; next += 1) if (!comer.has(next) && isEqual(later, next)) comer.set(next, later)
      }
    }
    return false
  }

  function follow(comer: ReadonlyMap<number, number>, end: number, first: number): true {
    for (let school = end; ; ) {
      const child = comer.get(school)!
      const left = settled[child]!
      at[left] = at[left]!.filter((one) => one !== child)
      at[school]!.push(child)
      settled[child] = school
      if (child === first) return true
      school = left
    }
  }
}
