/** What a citizen ID number says about itself. */
export interface IdNumber {
  /** 18 characters, the last may be `X`. */
  number: string
  /** `YYYY-MM-DD` */
  birthday: string
}

export const ID_NUMBER_REASONS = {
  shape: 'is not 17 digits and a digit or X',
  checksum: 'has a wrong check digit',
  birthday: 'holds a date of birth that does not exist',
  future: 'holds a date of birth in the future',
} as const
export type IdNumberReason = keyof typeof ID_NUMBER_REASONS

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECK_CHARACTERS = '10X98765432'
const DIGIT_ZERO = '0'.charCodeAt(0)

/** The check character of the first 17 digits (GB 11643-1999, ISO 7064 MOD 11-2). */
export function checkCharacter(first17: string): string {
  let sum = 0
  for (let at = 0; at < WEIGHTS.length; at++) sum += WEIGHTS[at]! * (first17.charCodeAt(at) - DIGIT_ZERO)
  return CHECK_CHARACTERS[sum % 11]!
}

/**
 * Reads an 18-digit citizen ID number (GB 11643). The region code is not judged: codes are withdrawn and reissued,
 * and numbers keep the old ones.
 * @param today `YYYY-MM-DD`, the latest day on which somebody can have been born
 */
export function readIdNumber(text: string, today: string): IdNumber | { fault: IdNumberReason } {
  const number = text.normalize('NFKC').trim().toUpperCase()
  if (!/^\d{17}[\dX]$/.test(number)) return { fault: 'shape' }
  if (checkCharacter(number) !== number[17]) return { fault: 'checksum' }
  const birthday = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`
  if (!isRealDay(birthday)) return { fault: 'birthday' }
  if (birthday > today) return { fault: 'future' }
  return { number, birthday }
}

/** True for a day of the Gregorian calendar from 1900, written `YYYY-MM-DD`. */
export function isRealDay(day: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || day < '1900') return false
  const [year, month, date] = [Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8))]
  return month >= 1 && month <= 12 && date >= 1 && date <= daysIn(year, month)
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const daysIn = (year: number, month: number): number =>
  month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : DAYS[month - 1]!
