import type { ChildFact, Seat } from '../../../contracts/facts.js'
import type { ChildId, PhaseId, SeasonId } from '../../../contracts/ids.js'

/** The `place` fact of a child: outcomes and seats as far as they are public. */
export function placeFact(
  season: SeasonId,
  child: ChildId,
  revision: number,
  outcomes: Record<PhaseId, string>,
  seats: readonly (Seat & { taken: boolean })[],
): ChildFact {
  const asSeat = ({ basis, school, way }: Seat): Seat => ({ basis, school, ...(way && { way }) })
  const taken = seats.find((seat) => seat.taken)
  return {
    season,
    child,
    aggregate: 'place',
    id: 'place',
    revision,
    outcomes,
    seats: { held: seats.filter((seat) => !seat.taken).map(asSeat), ...(taken && { taken: asSeat(taken) }) },
  }
}

/** The `choice` fact of a child in a choice phase. */
export function choiceFact(season: SeasonId, phase: PhaseId, child: ChildId, revision: number, schools: string[]): ChildFact {
  return { season, child, aggregate: 'choice', id: phase, revision, outcomes: { [phase]: 'chosen' }, schools }
}
