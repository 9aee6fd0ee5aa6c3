import { problem } from '../../../platform/problem.js'

/** The place in a list as an opaque text for the caller. */
export const cursorOf = (...place: string[]): string => Buffer.from(JSON.stringify(place)).toString('base64url')

/**
 * The place a cursor stands for.
 * @param parts how many texts this list's cursor has
 * @throws Problem `invalid-input` if the cursor is not of this list
 */
export function placeOf(cursor: string | undefined, parts: number): string[] | undefined {
  if (cursor === undefined) return undefined
  const place = parsed(cursor)
  if (Array.isArray(place) && place.length === parts && place.every((part) => typeof part === 'string')) return place
  throw problem('invalid-input', 'The cursor is not one of this list', { faults: [{ at: '/query/cursor', message: 'not a cursor of this list' }] })
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}
