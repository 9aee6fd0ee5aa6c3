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
  const faults: RowFault[] = []
  const refuse = (field: string, reason: string) => void faults.push({ field, reason })
  const text = (column: Column): string => cells[rules.layout.columns[column] ?? -1]?.trim() ?? ''
  const required = (column: Column, longest: number): string => {
    const value = text(column)
    if (value === '') refuse(column, 'is empty')
    else if (value.length > longest) refuse(column, `is longer than ${longest} characters`)
    return value
  }
  const person = (column: 'id-number' | 'guardian-id-number'): IdNumber => {
    const read = readIdNumber(text(column), rules.today)
    if (!('fault' in read)) return read
    refuse(column, text(column) === '' ? 'is empty' : ID_NUMBER_REASONS[read.fault])
    return { number: '', birthday: '' }
  }
  const name = required('name', 60)
  const { number: idNumber, birthday } = person('id-number')
  const guardianName = required('guardian-name', 60)
  const { number: guardianIdNumber } = person('guardian-id-number')
  const district = required('district', 64)
  if (district !== '' && !rules.catalogue.districts.has(district)) refuse('district', 'is not a district of this season')
  const phone = optional(text('phone'), /^[+\d][\d\s-]{4,28}$/, () => refuse('phone', 'is not a telephone number'))
  const email = optional(text('email'), /^[^\s@]+@[^\s@]+\.[^\s@]+$/, () => refuse('email', 'is not an e-mail address'))
  const household = readHousehold(text, district, refuse)
  const facts = readFacts(cells, rules, refuse)
  if (faults.length > 0) return { ok: false, faults }
  return { ok: true, entry: { name, idNumber, birthday, guardianName, guardianIdNumber, phone, email, district, household, facts } }
}

function optional(value: string, shape: RegExp, refuse: () => void): string | null {
  if (value === '') return null
  if (!shape.test(value)) refuse()
  return value
}

function readHousehold(text: (column: Column) => string, district: string, refuse: (field: string, reason: string) => void): Address | null {
  const street = text('household-street')
  const number = text('household-number').replace(/号$/, '')
  const room = text('household-room')
  if (street === '' && number === '' && room === '') return null
  if (street === '') refuse('household-street', 'is empty')
  if (street.length > 100) refuse('household-street', 'is longer than 100 characters')
  if (!/^[1-9]\d{0,4}$/.test(number)) refuse('household-number', 'is not a house number from 1 to 99999')
  if (room.length > 40) refuse('household-room', 'is longer than 40 characters')
  return { district, street, number: Number(number), room }
}

function readFacts(cells: readonly string[], rules: RowRules, refuse: (field: string, reason: string) => void): Record<string, FactValue> {
  const facts: Record<string, FactValue> = {}
  for (const [id, at] of Object.entries(rules.layout.facts)) {
    const fact = rules.timeline.facts[id]
    const text = cells[at]?.trim() ?? ''
    if (!fact || text === '') continue
    const value = valueFromText(fact, text)
    const reason = misfit(fact, value, rules.catalogue)
    if (reason) refuse(id, reason)
    else facts[id] = value
  }
  return facts
}
