import { childrenAt, NOWHERE, type Network, type Placement } from './network.js'

/** A placement of least total distance, and what shows that it is: each child is where metres and price are least. */
export interface Priced {
  placement: Placement
  /** By school, in metres; 0 where a seat is free. */
  prices: Float64Array
}

/**
 * Places as many children as can be, the better ticket first, with the least distance in total that those placed can
 * have: successive shortest paths over the schools. A child that finds its schools full may push another one on to
 * where that adds least; once placed a child stays placed.
 */
export function placeShortest(network: Network): Priced {
  const placement = new Int32Array(network.children).fill(NOWHERE)
  const search = new Search(network, placement)
  for (let child = 0; child < network.children; child += 1) search.place(child)
  return { placement, prices: search.prices }
}

/** Where moving a child on adds least. */
interface Onward {
  /** By school that it could go to: the metres that adds, and the child. */
  added: Float64Array
  child: Int32Array
}

class Search {
  readonly prices: Float64Array
  private readonly at: number[][]
  private readonly onward: (Onward | undefined)[] = []
  private readonly distance: Float64Array
  private readonly isSettled: Uint8Array
  /** By school: the child that would come to it, and from where. */
  private readonly comer: Int32Array
  private readonly comesFrom: Int32Array

  constructor(
    private readonly network: Network,
    private readonly placement: Placement,
  ) {
    const { schools } = network
    this.at = childrenAt(network, placement)
    this.prices = new Float64Array(schools)
    this.distance = new Float64Array(schools)
    this.isSettled = new Uint8Array(schools)
    this.comer = new Int32Array(schools)
    this.comesFrom = new Int32Array(schools)
  }

  /** Finds a seat for a child, and for those it pushes on; nothing changes if there is none. */
  place(child: number): void {
    const { schools, metres } = this.network
    for (let school = 0; school < schools; school += 1) this.distance[school] = metres[child * schools + school]! + this.prices[school]!
    this.comer.fill(child)
    this.comesFrom.fill(NOWHERE)
    this.isSettled.fill(0)
    for (;;) {
      const school = this.nearest()
      if (school === NOWHERE) return
      if (this.at[school]!.length < this.network.seats[school]!) {
        this.raisePrices(this.distance[school]!)
        this.pushOn(school)
        return
      }
      this.isSettled[school] = 1
      this.lookOnFrom(school)
    }
  }

  private nearest(): number {
    let nearest = NOWHERE
    for (let school = 0; school < this.distance.length; school += 1) {
      if (this.isSettled[school] === 0 && this.distance[school]! < (nearest === NOWHERE ? Infinity : this.distance[nearest]!)) nearest = school
    }
    return nearest
  }

  private lookOnFrom(full: number): void {
    const { added, child } = (this.onward[full] ??= this.onwardFrom(full))
    const base = this.distance[full]! - this.prices[full]!
    for (let school = 0; school < added.length; school += 1) {
      const distance = base + added[school]! + this.prices[school]!
      if (this.isSettled[school] === 1 || distance >= this.distance[school]!) continue
      this.distance[school] = distance
      this.comer[school] = child[school]!
      this.comesFrom[school] = full
    }
  }

  private onwardFrom(full: number): Onward {
    const { schools, metres } = this.network
    const added = new Float64Array(schools).fill(Infinity)
    const who = new Int32Array(schools)
    for (const child of this.at[full]!) {
      const here = metres[child * schools + full]!
      for (let school = 0; school < schools; school += 1) {
        const more = metres[child * schools + school]! - here
        if (more >= added[school]!) continue
        added[school] = more
        who[school] = child
      }
    }
    return { added, child: who }
  }

  private raisePrices(found: number): void {
    this.isSettled.forEach((isSettled, school) => {
      if (isSettled === 1) this.prices[school]! += found - this.distance[school]!
    })
  }

  private pushOn(last: number): void {
    for (let school = last; school !== NOWHERE; school = this.comesFrom[school]!) {
      const child = this.comer[school]!
      const left = this.comesFrom[school]!
      if (left !== NOWHERE) this.at[left] = this.at[left]!.filter((one) => one !== child)
      this.at[school]!.push(child)
      this.placement[child] = school
      this.onward[school] = undefined
    }
  }
}
