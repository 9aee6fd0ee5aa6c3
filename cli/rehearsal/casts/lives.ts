import { UsageError } from '../../usageError.js'
import { shuffled } from '../chance.js'

/** How many children of a rehearsal lead a life. */
export interface Part {
  /** Of all children, and the least number. */
  share: number
  least: number
  /** Twins: its children come in pairs, and are counted each. */
  inPairs?: boolean
}

/** More children are needed for every life of a cast to occur. */
export class TooFewChildrenError extends UsageError {
  override readonly name = 'TooFewChildrenError'
  constructor(fewest: number) {
    super(`a rehearsal needs at least ${fewest} children, so that every life occurs`)
  }
}

/** The fewest children with whom every life occurs. */
export const fewestChildren = (parts: Readonly<Record<string, Part>>, leastOfRest: number): number =>
  Object.values(parts).reduce((sum, { least }) => sum + least, leastOfRest)

/**
 * The life of each of `children` children by position, shuffled by `seed`; twins stand at neighbouring positions.
 * @param parts of all lives but the one that the rest leads
 * @throws TooFewChildrenError
 */
export function castLives<L extends string, R extends string>(
  parts: Readonly<Record<L, Part>>, rest: { life: R; least: number }, children: number, seed: number,
): (L | R)[] {
  const entries = Object.entries(parts) as [L, Part][]
  const fewest = fewestChildren(parts, rest.least)
  if (children < fewest) throw new TooFewChildrenError(fewest)
  const units: (L | R)[][] = []
  for (const [life, { share, least, inPairs = false }] of entries) {
    const count = Math.max(least, Math.round(children * share))
    for (let made = 0; made < count; made += inPairs ? 2 : 1) units.push(inPairs ? [life, life] : [life])
  }
  const cast = units.flat().length
  for (let made = cast; made < children; made++) units.push([rest.life])
  return shuffled(units, seed, 'lives').flat()
}
