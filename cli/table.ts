import Table from 'cli-table3'

/** Rows under a head, as plain text. */
export function tableOf(head: string[], rows: readonly string[][]): string {
  const table = new Table({ head, style: { head: [], border: [] } })
  table.push(...rows)
  return table.toString()
}
