/** Position of a column from a cell's reference: `C7` is 2. */
export function columnOf(reference: string): number {
  let column = 0
  for (const letter of reference) {
    const place = letter.charCodeAt(0) - 64
    if (place < 1 || place > 26) break
    column = column * 26 + place
  }
  return column - 1
}

const DAY_MS = 86_400_000
/** Day 0 of Excel's calendar, which counts a 29 February 1900 that never was; right from March 1900. */
const DAY_ZERO = Date.UTC(1899, 11, 30)
const LAST_DAY = 2_958_465

/** The day that a number of a date cell means, as `YYYY-MM-DD`; the number itself if it is none. */
export function dayOf(serial: number): string {
  if (!(serial >= 1 && serial <= LAST_DAY)) return String(serial)
  return new Date(DAY_ZERO + Math.floor(serial) * DAY_MS).toISOString().slice(0, 10)
}
