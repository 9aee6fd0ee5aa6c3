import { DateTime } from 'luxon'
import type { When } from './language.js'

/**
 * The instant (ms) of a local time. A day without hours is its start as an opening and its end as a closing;
 * `24:00` is the end of the day. Undefined if there is no such day or hour.
 */
export function toInstant(when: When, timezone: string, edge: 'opens' | 'closes'): number | undefined {
  const [day, time] = when.split(' ')
  const [hour, minute] = time?.split(':').map(Number) ?? (edge === 'closes' ? [24, 0] : [0, 0])
  const endOfDay = hour === 24 && minute === 0
  const start = DateTime.fromISO(day!, { zone: timezone })
  const at = endOfDay ? start.plus({ days: 1 }) : start.set({ hour, minute })
  const exists = start.isValid && at.isValid && (endOfDay || (at.hour === hour && at.minute === minute))
  return exists ? at.toMillis() : undefined
}

/** Local time as people write it: `2022-05-12 09:00`, with seconds where a compressed calendar has them. */
export function toLocal(instant: number, timezone: string): string {
  const at = DateTime.fromMillis(instant, { zone: timezone })
  return at.toFormat(instant % 60_000 === 0 ? 'yyyy-MM-dd HH:mm' : 'yyyy-MM-dd HH:mm:ss.SSS')
}

/** Local time of an end, as notices write it: midnight is `24:00` of the day that ends. */
export function toLocalEnd(instant: number, timezone: string): string {
  return isMidnight(instant, timezone) ? writeEnd(instant, timezone, 'yyyy-MM-dd HH:mm') : toLocal(instant, timezone)
}

/**
 * An end in a pattern of Luxon, where midnight is 24:00 of the day that ends.
 * @param pattern writes hours and minutes as `HH:mm`
 */
export function writeEnd(instant: number, timezone: string, pattern: string, locale?: string): string {
  const at = DateTime.fromMillis(instant, { zone: timezone, ...(locale && { locale }) })
  return isMidnight(instant, timezone) ? at.minus({ days: 1 }).toFormat(pattern.replace('HH:mm', "'24:00'")) : at.toFormat(pattern)
}

const isMidnight = (instant: number, timezone: string): boolean => {
  const at = DateTime.fromMillis(instant, { zone: timezone })
  return at.equals(at.startOf('day'))
}

/** True if this is a timezone of the IANA database that this machine knows. */
export function isTimezone(timezone: string): boolean {
  return DateTime.local({ zone: timezone }).isValid
}
