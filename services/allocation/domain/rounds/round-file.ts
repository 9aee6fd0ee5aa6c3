import type { SchoolId } from '../../../../contracts/ids.js'
import { DEFAULT_OVERFLOW, ROUND_FORMAT, type RoundApplicant, type RoundFile } from '../../../../contracts/rounds.js'
import type { TimelinePhaseOf } from '../../../../policies/timeline.js'
import { ordersOf, SEVERAL_SCHOOLS } from './order.js'
import type { RoundUnit } from './unit.js'

/** What a group of a round is decided from, besides its units. */
export interface Offered {
  /** Names the group. */
  id: string
  /** Seats by school, of all schools of the group. */
  seats: ReadonlyMap<SchoolId, number>
}

/** A frozen group as the engine decides it; its seed is still to come. */
export function roundFileOf(phase: TimelinePhaseOf<'round'>, units: readonly RoundUnit[], { id, seats }: Offered): RoundFile {
  return {
    format: ROUND_FORMAT,
    id,
    mechanism: 'serial',
    schools: Array.from(seats, ([school, plan]) => ({ id: school, plan })),
    applicants: units.flatMap((unit) => applicantsOf(unit, phase.method === 'catchment')),
    orders: ordersOf(phase),
    unitOverflow: phase.lastSeat ?? DEFAULT_OVERFLOW,
  }
}

function applicantsOf({ unit, members, schools, keys }: RoundUnit, isCatchment: boolean): RoundApplicant[] {
  return members.map((id) => {
    const ranked = { ...keys?.[id], ...(isCatchment && { [SEVERAL_SCHOOLS]: schools.length > 1 ? 1 : 0 }) }
    return { id, choices: schools, ...(members.length > 1 && { unit }), ...(Object.keys(ranked).length > 0 && { keys: ranked }) }
  })
}
