import type { SchoolId, SeasonId } from '../../../../contracts/ids.js'
import { DEFAULT_OVERFLOW, ROUND_FORMAT, type RoundApplicant, type RoundFile } from '../../../../contracts/rounds.js'
import type { TimelinePhaseOf } from '../../../../policies/timeline.js'
import { ordersOf, SEVERAL_SCHOOLS } from './order.js'
import type { RoundUnit } from './unit.js'

/** What is known of a round only when it is decided. */
export interface AtDecision {
  season: SeasonId
  run: number
  /** Seats left by school, of all schools whose seats the round gives. */
  seats: ReadonlyMap<SchoolId, number>
  seed: string
}

/** A frozen round as the engine decides it. */
export function roundFileOf(phase: TimelinePhaseOf<'round'>, units: readonly RoundUnit[], { season, run, seats, seed }: AtDecision): RoundFile {
  return {
    format: ROUND_FORMAT,
    id: `${season}/${phase.id}/${run}`,
    mechanism: 'serial',
    schools: Array.from(seats, ([id, plan]) => ({ id, plan })),
    applicants: units.flatMap((unit) => applicantsOf(unit, phase.method === 'catchment')),
    orders: ordersOf(phase),
    unitOverflow: phase.lastSeat ?? DEFAULT_OVERFLOW,
    seed,
  }
}

function applicantsOf({ unit, members, schools, keys }: RoundUnit, isCatchment: boolean): RoundApplicant[] {
  return members.map((id) => {
    const ranked = { ...keys?.[id], ...(isCatchment && { [SEVERAL_SCHOOLS]: schools.length > 1 ? 1 : 0 }) }
    return { id, choices: schools, ...(members.length > 1 && { unit }), ...(Object.keys(ranked).length > 0 && { keys: ranked }) }
  })
}
