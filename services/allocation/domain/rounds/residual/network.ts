/**
 * Children to be placed at schools, in integers. Children stand in order of their tickets, schools in order of their
 * ids.
 */
export interface Network {
  children: number
  schools: number
  /** By school. */
  seats: Int32Array
  /** Metres by child and school, at `child * schools + school`; Infinity where the school cannot take the child. */
  metres: Float64Array
}

/** A placement: the school of each child, or {@link NOWHERE}. */
export type Placement = Int32Array

export const NOWHERE = -1

/** The children at each school. */
export function childrenAt({ schools }: Network, placement: Placement): number[][] {
  const at = Array.from({ length: schools }, (): number[] => [])
  placement.forEach((school, child) => {
    if (school !== NOWHERE) at[school]!.push(child)
  })
  return at
}
