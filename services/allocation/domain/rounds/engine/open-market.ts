import { DEFAULT_OVERFLOW, type ApplicantId, type RoundApplicant, type RoundFile, type RoundSchool, type UnitOverflow } from '../../../../../contracts/rounds.js'
import { NONE, type Market } from './market.js'
import { rankClaims } from './queues.js'
import { inRegistrationOrder, type RankedUnit, type TicketOf } from './ranking.js'

/** A market, and the ids its integers stand for. */
export interface OpenMarket {
  market: Market
  schools: readonly RoundSchool[]
  /** Children in order of registration, by claimant. */
  claimants: readonly (readonly RoundApplicant[])[]
}

type Claims = Pick<Market, 'firstClaim' | 'claimantOf' | 'schoolOf'>

/**
 * The door: translates the ids of a round into the integers of a market.
 * @param round without faults
 * @param gone those who have left the round since; the claims of their units stay what they were
 */
export function openMarket(round: RoundFile, ticketOf: TicketOf | undefined, gone: ReadonlySet<ApplicantId> = new Set()): OpenMarket {
  const { mechanism, schools, unitOverflow: overflow = DEFAULT_OVERFLOW } = round
  const units = unitsOf(round.applicants)
  const asking = units.map(({ members }) => askingAsOne(gone.size === 0 ? members : members.filter(({ id }) => !gone.has(id)), overflow))
  const claimants = asking.flat()
  const claims = listClaims(claimants, schools)
  const { ownClassOf, tierOf } = classesOf(claimants, schools, claims)
  const choiceOf = (claim: number) => (mechanism === 'immediate' ? claim - claims.firstClaim[claims.claimantOf[claim]!]! : 0)
  const queues = rankClaims(round, units, claimsEndOf(asking, claims.firstClaim), claims.schoolOf, ticketOf)
  for (const [school, queue] of queues.entries()) {
    // Sorting keeps the order of the others.
    if (mechanism === 'immediate' || schools[school]!.classes) queue.sort((a, b) => choiceOf(a) - choiceOf(b) || tierOf[a]! - tierOf[b]!)
  }
  const market: Market = {
    overflow, ...claims, ownClassOf, queues,
    plans: schools.map(({ plan }) => plan),
    ownSeats: schools.map((school) => classesWithSeats(school).map(({ seats }) => seats!)),
    sizes: new Int32Array(claimants.map((members) => members.length)),
    placeOf: placesIn(queues, claims.claimantOf.length),
  }
  return { market, schools, claimants }
}

function unitsOf(applicants: readonly RoundApplicant[]): RankedUnit[] {
  const units: RankedUnit[] = []
  const together = new Map<string, RoundApplicant[]>()
  for (const applicant of applicants) {
    const { id, unit } = applicant
    const others = unit === undefined ? undefined : together.get(unit)
    if (others) {
      others.push(applicant)
      continue
    }
    const members = [applicant]
    if (unit !== undefined) together.set(unit, members)
    units.push({ id: unit ?? id, members })
  }
  return units.map((unit) => (unit.members.length > 1 ? { ...unit, members: inRegistrationOrder(unit.members) } : unit))
}

/** The claimants of a unit: itself, or under `split` each of its members. */
function askingAsOne(members: readonly RoundApplicant[], overflow: UnitOverflow): (readonly RoundApplicant[])[] {
  if (members.length === 0) return []
  return overflow === 'split' ? members.map((member) => [member]) : [members]
}

/** By unit, where its claims end. */
function claimsEndOf(asking: readonly (readonly unknown[])[], firstClaim: Int32Array): Int32Array {
  let claimant = 0
  return new Int32Array(asking.map(({ length }) => firstClaim[(claimant += length)]!))
}

function listClaims(claimants: OpenMarket['claimants'], schools: readonly RoundSchool[]): Claims {
  const indexOf = new Map(schools.map(({ id }, index) => [id, index]))
  const firstClaim = new Int32Array(claimants.length + 1)
  const claimantOf: number[] = []
  const schoolOf: number[] = []
  claimants.forEach(([first], claimant) => {
    for (const choice of first!.choices) {
      claimantOf.push(claimant)
      schoolOf.push(indexOf.get(choice)!)
    }
    firstClaim[claimant + 1] = claimantOf.length
  })
  return { firstClaim, claimantOf: new Int32Array(claimantOf), schoolOf: new Int32Array(schoolOf) }
}

/** By claim: the class with seats of its own, and the tier, 0 for the class that comes first at the school. */
function classesOf(claimants: OpenMarket['claimants'], schools: readonly RoundSchool[], { claimantOf, schoolOf }: Claims): { ownClassOf: Int32Array; tierOf: Int32Array } {
  const ownClassOf = new Int32Array(claimantOf.length).fill(NONE)
  const tierOf = new Int32Array(claimantOf.length)
  claimantOf.forEach((claimant, claim) => {
    const school = schools[schoolOf[claim]!]!
    if (!school.classes) return
    const id = claimants[claimant]![0]!.class
    const first = school.classes.findIndex((one) => one.id === id && one.seats === undefined)
    tierOf[claim] = first >= 0 ? first : school.classes.length
    ownClassOf[claim] = classesWithSeats(school).findIndex((one) => one.id === id)
  })
  return { ownClassOf, tierOf }
}

const classesWithSeats = ({ classes = [] }: RoundSchool) => classes.filter(({ seats }) => seats !== undefined)

function placesIn(queues: readonly Int32Array[], claims: number): Int32Array {
  const placeOf = new Int32Array(claims)
  for (const queue of queues) queue.forEach((claim, place) => (placeOf[claim] = place))
  return placeOf
}
