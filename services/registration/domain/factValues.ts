import type { FactValue } from '../../../contracts/facts.js'
import type { TimelineFact } from '../../../policies/timeline.js'
import { isRealDay } from './idNumber.js'
import type { Catalogue } from './zones.js'

/**
 * Why a value does not fit a fact's type, or undefined if it does. Addresses are judged elsewhere.
 * The reason never repeats the value.
 */
export function misfit(fact: TimelineFact, value: unknown, catalogue: Catalogue): string | undefined {
  switch (fact.type) {
    case 'yes-no':
      return typeof value === 'boolean' ? undefined : 'must be true or false'
    case 'number':
      return isFiniteNumber(value) ? undefined : 'must be a number'
    case 'percent':
      return isFiniteNumber(value) && value >= 0 && value <= 100 ? undefined : 'must be a number from 0 to 100'
    case 'date':
      return typeof value === 'string' && isRealDay(value) ? undefined : 'must be a date that exists, as YYYY-MM-DD'
    case 'one-of':
      return typeof value === 'string' && (fact.of ?? []).includes(value) ? undefined : `must be one of ${(fact.of ?? []).join(', ')}`
    case 'school':
      return typeof value === 'string' && catalogue.schools.has(value) ? undefined : 'must be the id of a school of this season'
    case 'place':
      return typeof value === 'string' && /^[a-z0-9][a-z0-9-]{0,63}$/.test(value) ? undefined : 'must be the id of a place'
    case 'address':
      return 'must be an address: district, street, number, room'
  }
}

const isFiniteNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

const YES = new Set(['true', 'yes', 'y', '1', '是'])
const NO = new Set(['false', 'no', 'n', '0', '否'])

/** Words that Chinese rosters use for values of one-of facts. */
const WORDS: Record<string, string> = {
  小学: 'primary', 小学一年级: 'primary', 初中: 'junior', 七年级: 'junior',
  公办: 'public', 民办: 'private', 民办九年一贯制: 'private-nine-year',
  户籍: 'household', 户口: 'household', 居住证: 'permit', 无: 'none',
}

/** The value that the text of a spreadsheet's cell stands for; the text itself if its type is not clear from it. */
export function valueFromText(fact: TimelineFact, text: string): FactValue {
  const word = text.normalize('NFKC').trim()
  switch (fact.type) {
    case 'yes-no':
      return YES.has(word.toLowerCase()) ? true : NO.has(word.toLowerCase()) ? false : word
    case 'number':
    case 'percent':
      return /^-?\d+(\.\d+)?%?$/.test(word) ? Number(word.replace('%', '')) : word
    case 'date':
      return word.replace(/^(\d{4})[/.年](\d{1,2})[/.月](\d{1,2})日?$/, (_, y: string, m: string, d: string) => `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`)
    case 'one-of':
      return (fact.of ?? []).includes(word) ? word : (WORDS[word] ?? word)
    default:
      return word
  }
}
