import { PROPOSALS_FORMAT, RESIDUAL_FORMAT, type Location, type Proposal, type ProposalsFile, type ResidualFile } from '../../../../../contracts/residual.js'
import { UnsoundRound, type ChildResult } from '../decide.js'
import { linesDigest } from '../engine/digest.js'
import { byText } from '../list.js'
import type { AtDecision } from '../round-file.js'
import { ticketOf } from '../ticket.js'
import type { RoundUnit } from '../unit.js'
import { checkResidual } from './check-residual.js'
import { placeResidual, type Residual } from './residual.js'

/**
 * Stands for a distance that is not known: longer than all known ones together, so that it never takes a nearer seat
 * from anybody, and small enough that sums stay exact.
 */
const UNKNOWN_METRES = 1e10

/** A frozen residual round with the seats that are left. */
export function residualFileOf(
  phase: string,
  units: readonly RoundUnit[],
  locations: ReadonlyMap<string, Location>,
  { season, run, seats, seed }: AtDecision,
): ResidualFile {
  return {
    format: RESIDUAL_FORMAT,
    id: `${season}/${phase}/${run}`,
    schools: Array.from(seats, ([id, left]) => ({ id, seats: left, ...located(locations.get(id)) })),
    children: units.map(({ unit, keys }) => ({ id: unit, ...located(keys?.[unit] as Location | undefined) })),
    seed,
  }
}

const located = (location: Location | undefined) => (location ? { location } : {})

/**
 * Proposes a school near home to each child, and checks the placement before anybody sees it.
 * @throws UnsoundRound
 */
export function decideResidual(file: ResidualFile): ProposalsFile {
  const residual = distancesOf(file)
  const ticket = (child: string) => ticketOf(file.seed, child)
  const proposals = placeResidual(residual, ticket)
  const violations = checkResidual(residual, proposals, ticket)
  if (violations.length > 0) throw new UnsoundRound(file.id, violations)
  const { schools, children, ...rest } = file
  const inputDigest = linesDigest([rest, ...byId(schools), ...byId(children)])
  return { format: PROPOSALS_FORMAT, round: file.id, inputDigest, proposals: proposals.map(told) }
}

/** Any school of the round can take any child; a distance is known where both have a location. */
function distancesOf({ schools, children }: ResidualFile): Residual {
  const metres = (from?: Location, to?: Location) => (from && to ? Math.round(Math.hypot(from.x - to.x, from.y - to.y)) : UNKNOWN_METRES)
  return {
    schools,
    children: children.map(({ id, location }) => ({ id, metres: Object.fromEntries(schools.map((school) => [school.id, metres(location, school.location)])) })),
  }
}

const told = (proposal: Proposal): Proposal =>
  proposal.metres === UNKNOWN_METRES ? { ...proposal, metres: null, reason: 'no-distance' } : proposal

const byId = <T extends { id: string }>(list: readonly T[]): T[] => list.toSorted((a, b) => byText(a.id, b.id))

/** The proposals as results of a round, in order of the children's ids. */
export function proposedResults({ seed }: ResidualFile, { proposals }: ProposalsFile): ChildResult[] {
  return proposals.map(({ child, school, reason }) => ({
    child, unit: child, ticket: ticketOf(seed, child), outcome: school === null ? 'not-admitted' : 'admitted', school, reason,
  }))
}
