import type { SchoolId } from '../../../../../contracts/ids.js'
import type { Proposal } from '../../../../../contracts/residual.js'
import type { TicketOf } from '../engine/ranking.js'
import type { Residual } from './residual.js'

/** What holds of every residual placement. The sentences stand in docs/rounds.md. */
export const RESIDUAL_PROPERTIES = {
  complete: 'Every child has one proposal, for a school that can take it or for none.',
  seats: 'No school is proposed to more children than it has seats.',
  nearer: 'No school that is nearer to a child than the one proposed has a free seat.',
  shortest: 'The same children cannot be placed with less distance in total.',
  tickets: 'No child is left without a proposal who could have one if others were moved, or if one with a later ticket had none.',
} as const

/** A property that does not hold, and where. */
export interface ResidualViolation {
  property: keyof typeof RESIDUAL_PROPERTIES
  what: string
}

/** Checks that the properties of docs/rounds.md hold of a residual placement. */
export function checkResidual(residual: Residual, proposals: readonly Proposal[], ticketOf: TicketOf): ResidualViolation[] {
  const incomplete = checkComplete(residual, proposals)
  if (incomplete.length > 0) return incomplete
  const view = viewOf(residual, proposals)
  return [...checkSeats(view), ...checkNearer(view), ...checkShortest(view), ...checkTickets(view, ticketOf)]
}

type Child = Residual['children'][number]

/** A placement from the schools' side. */
interface View {
  /** Each with the children proposed to it, and the seats left. */
  schools: { id: SchoolId; at: Child[]; free: number }[]
  nowhere: Child[]
}

const metresTo = ({ metres }: Child, school: SchoolId): number => (Object.hasOwn(metres, school) ? metres[school]! : Infinity)

function viewOf({ schools, children }: Residual, proposals: readonly Proposal[]): View {
  const at = new Map<SchoolId | null, Child[]>([[null, []], ...schools.map(({ id }): [SchoolId, Child[]] => [id, []])])
  const placeOf = new Map(proposals.map(({ child, school }) => [child, school]))
  for (const child of children) at.get(placeOf.get(child.id)!)!.push(child)
  return { schools: schools.map(({ id, seats }) => ({ id, at: at.get(id)!, free: seats - at.get(id)!.length })), nowhere: at.get(null)! }
}

/** Every child has one proposal, for a school that can take it or for none. */
function checkComplete({ children, schools }: Residual, proposals: readonly Proposal[]): ResidualViolation[] {
  const known = new Set(schools.map(({ id }) => id))
  const missing = new Map(children.map((child) => [child.id, child]))
  const wrong = proposals.filter(({ child: id, school, metres }) => {
    const child = missing.get(id)
    missing.delete(id)
    return !child || (school === null ? metres !== null : !known.has(school) || metresTo(child, school) !== metres)
  })
  return [...wrong.map(({ child }) => child), ...missing.keys()].map((id) => ({ property: 'complete', what: `The proposal of ${id} is missing or wrong` }))
}

/** No school is proposed to more children than it has seats. */
function checkSeats({ schools }: View): ResidualViolation[] {
  return schools.filter(({ free }) => free < 0).map(({ id, free }) => ({ property: 'seats', what: `${id} has ${-free} children too many` }))
}

/** No school that is nearer to a child than the one proposed has a free seat. */
function checkNearer({ schools, nowhere }: View): ResidualViolation[] {
  const withSeats = schools.filter(({ free }) => free > 0)
  const placed = schools.flatMap(({ id, at }) => at.map((child) => ({ child, metres: metresTo(child, id) })))
  return [...placed, ...nowhere.map((child) => ({ child, metres: Infinity }))].flatMap(({ child, metres }) =>
    withSeats.filter(({ id }) => metresTo(child, id) < metres).map(({ id }): ResidualViolation => ({ property: 'nearer', what: `${id} is nearer to ${child.id} and has a free seat` })))
}

/**
 * The same children cannot be placed with less distance in total: there is no way to move children round, or on to
 * a free seat, that saves metres. If there were, going round once more would save again, for ever (Bellman and Ford).
 */
function checkShortest({ schools }: View): ResidualViolation[] {
  const added = schools.map(({ id: from, at }) =>
    schools.map(({ id: to }) => at.reduce((least, child) => Math.min(least, metresTo(child, to) - metresTo(child, from)), Infinity)))
  const saved = schools.map(() => 0)
  for (let round = 0; round <= schools.length + 1; round += 1) {
    let isSame = true
    // A chain that ends at a free seat may be followed by one that begins anywhere.
    const toFreeSeat = Math.min(...schools.flatMap(({ free }, school) => (free > 0 ? [saved[school]!] : [])))
    for (const [from, row] of added.entries()) {
      if (toFreeSeat < saved[from]!) saved[from] = toFreeSeat
      for (const [to, metres] of row.entries()) {
        if (saved[from]! + metres >= saved[to]!) continue
        saved[to] = saved[from]! + metres
        isSame = false
      }
    }
    if (isSame) return []
  }
  return [{ property: 'shortest', what: 'Children can be moved so that all ways together are shorter' }]
}

/** Comes after every ticket. */
const FREE = '~'

/** No child is left without a proposal who could have one if others were moved, or if one with a later ticket had none. */
function checkTickets({ schools, nowhere }: View, ticketOf: TicketOf): ResidualViolation[] {
  // By school, the last ticket among those one of whom would have to go if a child came there.
  const last = new Map(schools.map(({ id, at, free }) => [id, free > 0 ? FREE : at.map((child) => ticketOf(child.id)).reduce((a, b) => (a > b ? a : b), '')]))
  const lastOf = (child: Child) => Object.keys(child.metres).reduce((latest, school) => ((last.get(school) ?? '') > latest ? last.get(school)! : latest), '')
  for (let changes = true; changes; ) {
    changes = false
    for (const { id, at } of schools) {
      for (const onward of at.map(lastOf)) {
        if (onward <= last.get(id)!) continue
        last.set(id, onward)
        changes = true
      }
    }
  }
  return nowhere.filter((child) => lastOf(child) > ticketOf(child.id)).map(({ id }) => ({ property: 'tickets', what: `${id} could have a seat` }))
}
