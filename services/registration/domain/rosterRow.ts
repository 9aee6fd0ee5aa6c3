import type { FactValue } from '../../../contracts/facts.js'
import type { Timeline } from '../../../policies/timeline.js'
import type { Address } from './address.js'
import { misfit, valueFromText } from './factValues.js'
import { ID_NUMBER_REASONS, readIdNumber, type IdNumber } from './idNumber.js'
import type { Column, Layout } from './rosterColumns.js'
import type { Catalogue } from './zones.js'

/** A child as a roster or a first registration gives it. Personal data. */
export interface Entry {
  name: string
  idNumber: string
  /** `YYYY-MM-DD`, from the ID number. */
  birthday: string
  guardianName: string
  guardianIdNumber: string
  phone: string | null
  email: string | null
  district: string
  household: Address | null
  facts: Record<string, FactValue>
}

/** One thing wrong with a row; never the value. */
export interface RowFault {
  field: string
  reason: string
}

export interface RowRules {
  timeline: Timeline
  layout: Layout
  catalogue: Catalogue
  /** `YYYY-MM-DD` */
  today: string
}

export type ReadRow = { ok: true; entry: Entry } | { ok: false; faults: RowFault[] }

/** Judges one row of a roster: the entry, or everything that is wrong with it. */
export function readRow(cells: readonly string[], rules: RowRules): ReadRow {
  const row = new Row(cells, rules.layout)
  const name = row.required('name', 60)
  const { number: idNumber, birthday } = row.idNumber('id-number', rules.today)
  const guardianName = row.required('guardian-name', 60)
  const { number: guardianIdNumber } = row.idNumber('guardian-id-number', rules.today)
  const district = row.required('district', 64)
  if (district !== '' && !rules.catalogue.districts.has(district)) row.refuse('district', 'is not a district of this season')
  const phone = row.optional('phone', /^[+\d][\d\s-]{4,28}$/, 'is not a telephone number')
  const email = row.optional('email', /^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'is not an e-mail address')
  const household = readHousehold(row, district)
  const facts = readFacts(row, rules)
  if (row.faults.length > 0) return { ok: false, faults: row.faults }
  return { ok: true, entry: { name, idNumber, birthday, guardianName, guardianIdNumber, phone, email, district, household, facts } }
}

/** A row's cells by column, and what was found wrong with them. */
class Row {
  readonly faults: RowFault[] = []

  constructor(private readonly cells: readonly string[], private readonly layout: Layout) {}

  refuse(field: string, reason: string): void {
    this.faults.push({ field, reason })
  }

  cell(at: number): string {
    return this.cells[at]?.trim() ?? ''
  }

  text(column: Column): string {
    return this.cell(this.layout.columns[column] ?? -1)
  }

  required(column: Column, longest: number): string {
    const value = this.text(column)
    if (value === '') this.refuse(column, 'is empty')
    else if (value.length > longest) this.refuse(column, `is longer than ${longest} characters`)
    return value
  }

  optional(column: Column, shape: RegExp, reason: string): string | null {
    const value = this.text(column)
    if (value === '') return null
    if (!shape.test(value)) this.refuse(column, reason)
    return value
  }

  idNumber(column: 'id-number' | 'guardian-id-number', today: string): IdNumber {
    const value = this.text(column)
    const read = readIdNumber(value, today)
    if (!('fault' in read)) return read
    this.refuse(column, value === '' ? 'is empty' : ID_NUMBER_REASONS[read.fault])
    return { number: '', birthday: '' }
  }
}

function readHousehold(row: Row, district: string): Address | null {
  const street = row.text('household-street')
  const number = row.text('household-number').replace(/号$/, '')
  const room = row.text('household-room')
  if (street === '' && number === '' && room === '') return null
  if (street === '') row.refuse('household-street', 'is empty')
  if (street.length > 100) row.refuse('household-street', 'is longer than 100 characters')
  if (!/^[1-9]\d{0,4}$/.test(number)) row.refuse('household-number', 'is not a house number from 1 to 99999')
  if (room.length > 40) row.refuse('household-room', 'is longer than 40 characters')
  return { district, street, number: Number(number), room }
}

function readFacts(row: Row, { timeline, layout, catalogue }: RowRules): Record<string, FactValue> {
  const facts: Record<string, FactValue> = {}
  for (const [id, at] of Object.entries(layout.facts)) {
    const fact = timeline.facts[id]
    const text = row.cell(at)
    if (!fact || text === '') continue
    const value = valueFromText(fact, text)
    const reason = misfit(fact, value, catalogue)
    if (reason) row.refuse(id, reason)
    else facts[id] = value
  }
  return facts
}
