import type { DrawRound } from '../../../../../contracts/draw.js'
import { PROPOSALS_FORMAT, RESIDUAL_FORMAT, type Location, type Proposal, type ProposalsFile, type ResidualFile } from '../../../../../contracts/residual.js'
import type { SchoolId } from '../../../../../contracts/ids.js'
import { canonicalJson, linesHash } from '../../../../../platform/crypto.js'
import type { ChildResult } from '../decide.js'
import { byId } from '../engine/digest.js'
import { byText } from '../list.js'
import type { Keys } from '../order.js'
import { ticketOf } from '../ticket.js'
import { checkResidual } from './check-residual.js'
import { placeResidual, type Residual } from './residual.js'

/**
 * Stands for a distance that is not known: longer than all known ones together, so that it never takes a nearer seat
 * from anybody, and small enough that sums stay exact.
 */
const UNKNOWN_METRES = 1e10

/** A frozen residual round once its seed is known; the keys of its applicants are where they live. */
export function residualFileOf({ id, schools, applicants }: DrawRound, locations: ReadonlyMap<string, Location>, seed: string): ResidualFile {
  return {
    format: RESIDUAL_FORMAT,
    id,
    schools: schools.map((school) => ({ id: school.id, seats: school.plan, ...located(locations.get(school.id)) })),
    children: applicants.map(({ id: child, keys }) => ({ id: child, ...(keys && homeOf(keys)) })),
    seed,
  }
}

/** Where a child lives, if that is known, and the schools that are not for it. */
export interface ChildHome {
  location?: Location | undefined
  except?: SchoolId[] | undefined
}

/** Before the id of a school that is not for the child. */
const EXCEPT = 'except.'

/** A child's home as the keys with which it is frozen; undefined if there is nothing to say. */
export function homeKeys({ location, except = [] }: ChildHome): Keys | undefined {
  const keys = { ...location, ...Object.fromEntries(except.map((school) => [EXCEPT + school, 1])) }
  return Object.keys(keys).length > 0 ? keys : undefined
}

function homeOf({ x, y, ...excepted }: Keys): ChildHome {
  const except = Object.keys(excepted).map((key) => key.slice(EXCEPT.length)).sort(byText)
  return { ...(x !== undefined && { location: { x: Number(x), y: Number(y) } }), ...(except.length > 0 && { except }) }
}

const located = (location: Location | undefined) => (location ? { location } : {})

/** A residual round as it is decided. */
export interface Proposed {
  file: ProposalsFile
  /** The properties of docs/rounds.md that do not hold; a result with any must not be stored. */
  wrong: { what: string }[]
}

/** Proposes a school near home to each child, and checks the placement before anybody sees it. */
export function decideResidual(file: ResidualFile): Proposed {
  const residual = distancesOf(file)
  const ticket = (child: string) => ticketOf(file.seed, child)
  const proposals = placeResidual(residual, ticket)
  const { schools, children, ...rest } = file
  const inputDigest = `sha256:${linesHash([rest, ...byId(schools), ...byId(children)].map(canonicalJson))}`
  return {
    file: { format: PROPOSALS_FORMAT, round: file.id, inputDigest, proposals: proposals.map(told) },
    wrong: checkResidual(residual, proposals, ticket),
  }
}

/** Any school of the round can take any child but those excepted; a distance is known where both have a location. */
function distancesOf({ schools, children }: ResidualFile): Residual {
  const metres = (from?: Location, to?: Location) => (from && to ? Math.round(Math.hypot(from.x - to.x, from.y - to.y)) : UNKNOWN_METRES)
  return {
    schools,
    children: children.map(({ id, location, except = [] }) => {
      const open = schools.filter((school) => !except.includes(school.id))
      return { id, metres: Object.fromEntries(open.map((school) => [school.id, metres(location, school.location)])) }
    }),
  }
}

const told = (proposal: Proposal): Proposal =>
  proposal.metres === UNKNOWN_METRES ? { ...proposal, metres: null, reason: 'no-distance' } : proposal

/** The proposals as results of a round, in order of the children's ids. */
export function proposedResults({ seed }: ResidualFile, { proposals }: ProposalsFile): ChildResult[] {
  return proposals.map(({ child, school, reason }) => ({
    child, unit: child, ticket: ticketOf(seed, child), outcome: school === null ? 'not-admitted' : 'admitted', school, reason,
  }))
}
