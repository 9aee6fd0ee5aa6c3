import { REGISTERED_KEY, type ApplicantId, type ClaimOrder, type Direction, type KeyValue, type RoundApplicant } from '../../../../../contracts/rounds.js'
import { byText } from '../list.js'

/** A unit's ticket as 64 lower-case hex digits, so that comparing the texts compares the integers; the lower goes first. */
export type TicketOf = (unit: string) => string

/** The applicants that have one claim and one ticket: a single child, or a unit. */
export interface RankedUnit {
  id: string
  /** In order of registration. */
  members: readonly RoundApplicant[]
}

/** Hex digits of a ticket that a number holds exactly: 48 bits. */
const START_DIGITS = 12
const NOT_DRAWN = -1
/** In a list, the place of someone who is not to be sorted. */
const NOBODY = -1

/**
 * Puts units in an order. A unit whose members differ goes by the weakest of them, so that nobody is passed by
 * someone whose own claim is weaker. Ties are decided by ticket, and a ticket is drawn only where it decides.
 */
export class Ranking {
  private readonly tickets: string[] = []
  /** The tickets' first digits as numbers, which settle nearly every comparison. */
  private readonly starts: Float64Array
  private readonly unitOf = new Map<string, number>()
  private readonly places: Int32Array

  constructor(
    private readonly units: readonly RankedUnit[],
    private readonly ticketOf: TicketOf | undefined,
  ) {
    this.starts = new Float64Array(units.length).fill(NOT_DRAWN)
    this.places = new Int32Array(units.length)
    units.forEach(({ members }, unit) => members.forEach(({ id }) => this.unitOf.set(id, unit)))
  }

  /**
   * @param some indices of units
   * @returns the same, the best claim first
   * @throws Error if two units have one ticket, or a ticket must decide and none can be drawn
   */
  sort(some: number[], order: ClaimOrder): number[] {
    switch (order.kind) {
      case 'lottery':
        return some.sort((a, b) => this.compareTickets(a, b))
      case 'listed':
        return this.sortByList(some, order.ids)
      case 'ranked':
        return this.sortByKeys(some, order.by)
    }
  }

  private sortByList(some: number[], ids: readonly ApplicantId[]): number[] {
    const { places, unitOf } = this
    // The last of a unit's places stays.
    for (let place = 0; place < ids.length; place += 1) places[unitOf.get(ids[place]!)!] = place
    const unitAt = new Int32Array(ids.length).fill(NOBODY)
    for (const unit of some) unitAt[places[unit]!] = unit
    return Array.from(unitAt).filter((unit) => unit !== NOBODY)
  }

  private sortByKeys(some: number[], by: Keys): number[] {
    const compare = keyComparison(by)
    const weakest = some.map((unit) => this.units[unit]!.members.reduce((weaker, member) => (compare(weaker, member) < 0 ? member : weaker)))
    const columns = by.map(({ key, direction }) => numbered(weakest.map(({ keys }) => keys![key]!), direction))
    const compareAt = (a: number, b: number): number => {
      for (const column of columns) if (column[a] !== column[b]) return column[a]! - column[b]!
      return this.compareTickets(some[a]!, some[b]!)
    }
    return Array.from(some.keys()).sort(compareAt).map((at) => some[at]!)
  }

  private compareTickets(a: number, b: number): number {
    return this.startOf(a) - this.startOf(b) || this.compareWhole(a, b)
  }

  private startOf(unit: number): number {
    if (this.starts[unit] === NOT_DRAWN) {
      const { id } = this.units[unit]!
      if (!this.ticketOf) throw new Error(`A ticket must decide about ${id}, and the round has no seed`)
      this.tickets[unit] = this.ticketOf(id)
      this.starts[unit] = Number.parseInt(this.tickets[unit]!.slice(0, START_DIGITS), 16)
    }
    return this.starts[unit]!
  }

  private compareWhole(a: number, b: number): number {
    if (a !== b && this.tickets[a] === this.tickets[b]) throw new Error(`${this.units[a]!.id} and ${this.units[b]!.id} have one ticket`)
    return byText(this.tickets[a]!, this.tickets[b]!)
  }
}

type Keys = readonly { key: string; direction: Direction }[]
interface Keyed {
  keys?: Record<string, KeyValue | undefined> | undefined
}

/** Compares two who have every key: the better claim comes first. */
export function keyComparison(by: Keys): (a: Keyed, b: Keyed) => number {
  return (a, b) => {
    for (const { key, direction } of by) {
      const [left, right] = [a.keys![key]!, b.keys![key]!]
      if (left !== right) return left < right === (direction === 'asc') ? -1 : 1
    }
    return 0
  }
}

/** Values as numbers that compare like them: texts by their place among all, and from the highest down for `desc`. */
function numbered(values: readonly KeyValue[], direction: Direction): Float64Array {
  const texts = [...new Set(values)].filter((value) => typeof value === 'string').sort(byText)
  const places = new Map<KeyValue, number>(texts.map((text, place) => [text, place]))
  const sign = direction === 'asc' ? 1 : -1
  return new Float64Array(values.map((value) => sign * (typeof value === 'number' ? value : places.get(value)!)))
}

/** The members of a unit by their key `registeredAt`; without it, or at one instant, by their ids. */
export function inRegistrationOrder(members: readonly RoundApplicant[]): RoundApplicant[] {
  const registeredAt = ({ keys }: RoundApplicant): KeyValue => keys?.[REGISTERED_KEY] ?? 0
  return [...members].sort((a, b) => {
    const [first, second] = [registeredAt(a), registeredAt(b)]
    return first === second ? byText(a.id, b.id) : first < second ? -1 : 1
  })
}
