import { hash } from 'node:crypto'
import type { UnitId } from '../../../../contracts/ids.js'

/**
 * A unit's ticket in a draw: SHA-256 over the seed's bytes and the unit's id. 64 lower-case hex digits, so that
 * comparing the texts compares the 256-bit integers; the lower ticket goes first.
 * @param seed hex
 */
export function ticketOf(seed: string, unit: UnitId): string {
  return hash('sha256', Buffer.concat([Buffer.from(seed, 'hex'), Buffer.from(unit)]), 'hex')
}
