import { columnOf, dayOf } from './cells.js'
import type { RosterRow } from './rows.js'
import type { SharedStrings } from './sharedStrings.js'
import type { Tags } from './workbook.js'

/** Columns beyond this are none of a roster's. */
const MOST_COLUMNS = 200

/** Puts the rows of a sheet together while its tags come by. */
export class Sheet implements Tags {
  private rows: RosterRow[] = []
  private row = 0
  private cells: string[] = []
  private column = 0
  private type = ''
  private style = -1
  private value = ''
  private inValue = false

  constructor(private readonly strings: SharedStrings, private readonly dates: readonly boolean[]) {}

  /** The rows that came together since the last call. */
  takeRows(): RosterRow[] {
    const rows = this.rows
    this.rows = []
    return rows
  }

  open(name: string, attributes: Record<string, string>): void {
    switch (name) {
      case 'row':
        this.row = attributes.r === undefined ? this.row + 1 : Number(attributes.r)
        this.cells = []
        this.column = -1
        break
      case 'c':
        this.column = attributes.r === undefined ? this.column + 1 : columnOf(attributes.r)
        this.type = attributes.t ?? 'n'
        this.style = Number(attributes.s ?? -1)
        this.value = ''
        break
      case 'v':
      case 't':
        this.inValue = true
        break
    }
  }

  text(text: string): void {
    if (this.inValue) this.value += text
  }

  close(name: string): void {
    switch (name) {
      case 'v':
      case 't':
        this.inValue = false
        break
      case 'c':
        if (this.column >= MOST_COLUMNS) break
        while (this.cells.length < this.column) this.cells.push('')
        this.cells[this.column] = this.cellText()
        break
      case 'row':
        this.rows.push({ row: this.row, cells: this.cells })
        break
    }
  }

  private cellText(): string {
    switch (this.type) {
      case 's':
        return this.strings.at(Number(this.value)) ?? ''
      case 'b':
        return this.value === '1' ? 'true' : 'false'
      case 'e':
        return ''
      case 'n':
        return this.dates[this.style] && this.value !== '' ? dayOf(Number(this.value)) : this.value
      default:
        return this.value
    }
  }
}
