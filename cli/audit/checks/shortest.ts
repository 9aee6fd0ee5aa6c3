/**
 * The least total cost of giving every row a column of its own: the Hungarian method, row by row with potentials
 * (Kuhn 1955, Munkres 1957), in rows² × columns steps.
 * @param cost by row and column; there are at least as many columns as rows
 */
export function leastTotal(cost: readonly (readonly number[])[]): number {
  const rows = cost.length
  const columns = cost[0]?.length ?? 0
  const ofRow = new Float64Array(rows + 1)
  const ofColumn = new Float64Array(columns + 1)
  /** By column the row that has it, counted from 1; column 0 holds the row that is looking for one. */
  const rowAt = new Int32Array(columns + 1)
  for (let row = 1; row <= rows; row += 1) {
    const least = new Float64Array(columns + 1).fill(Infinity)
    const before = new Int32Array(columns + 1)
    const isUsed = new Uint8Array(columns + 1)
    let at = 0
    rowAt[0] = row
    do {
      isUsed[at] = 1
      const looking = rowAt[at]!
      let next = 0
      let step = Infinity
      for (let column = 1; column <= columns; column += 1) {
        if (isUsed[column]) continue
        const reduced = cost[looking - 1]![column - 1]! - ofRow[looking]! - ofColumn[column]!
        if (reduced < least[column]!) [least[column], before[column]] = [reduced, at]
        if (least[column]! < step) [step, next] = [least[column]!, column]
      }
      for (let column = 0; column <= columns; column += 1) {
        if (!isUsed[column]) least[column]! -= step
        else {
          ofRow[rowAt[column]!]! += step
          ofColumn[column]! -= step
        }
      }
      at = next
    } while (rowAt[at] !== 0)
    for (; at !== 0; at = before[at]!) rowAt[at] = rowAt[before[at]!]!
  }
  let total = 0
  for (let column = 1; column <= columns; column += 1) if (rowAt[column] !== 0) total += cost[rowAt[column]! - 1]![column - 1]!
  return total
}
