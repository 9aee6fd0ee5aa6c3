import { DEFAULT_OVERFLOW, type ApplicantId, type RoundApplicant, type RoundFile, type RoundSchool, type UnitOverflow } from '../../../../../contracts/rounds.js'
import { NONE, type Market } from './market.js'
import { rankChoices } from './queues.js'
import { inRegistrationOrder, type RankedUnit, type TicketOf } from './ranking.js'

/** A market, and the ids its integers stand for. */
export interface OpenMarket {
  market: Market
  schools: readonly RoundSchool[]
  /** Children in order of registration, by claimant. */
  claimants: readonly (readonly RoundApplicant[])[]
}

/** The choices of one claimant after the other; by claimant where its own begin, by choice whose and which it is. */
interface Choices {
  firstChoice: Int32Array
  claimantOf: Int32Array
  schoolOf: Int32Array
}

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
  const all = listChoices(claimants, schools)
  const { ownClassOf, tierOf } = classesOf(claimants, schools, all)
  const numberOf = (choice: number) => (mechanism === 'immediate' ? choice - all.firstChoice[all.claimantOf[choice]!]! : 0)
  const queues = rankChoices(round, units, unitsOfChoices(asking, all), all.schoolOf, ticketOf)
  for (const [school, queue] of queues.entries()) {
    // Sorting keeps the order of the others.
    if (mechanism === 'immediate' || schools[school]!.classes) queue.sort((a, b) => numberOf(a) - numberOf(b) || tierOf[a]! - tierOf[b]!)
  }
  const market: Market = {
    overflow,
    plans: schools.map(({ plan }) => plan),
    ownSeats: schools.map((school) => classesWithSeats(school).map(({ seats }) => seats!)),
    ...numberClaims(queues, claimants, all, ownClassOf),
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

/** By choice, whose unit's it is. */
function unitsOfChoices(asking: readonly (readonly unknown[])[], { claimantOf }: Choices): Int32Array {
  const unitOf = Int32Array.from(asking.flatMap((claimants, unit) => claimants.map(() => unit)))
  return claimantOf.map((claimant) => unitOf[claimant]!)
}

function listChoices(claimants: OpenMarket['claimants'], schools: readonly RoundSchool[]): Choices {
  const indexOf = new Map(schools.map(({ id }, index) => [id, index]))
  const count = claimants.reduce((sum, [first]) => sum + first!.choices.length, 0)
  const firstChoice = new Int32Array(claimants.length + 1)
  const claimantOf = new Int32Array(count)
  const schoolOf = new Int32Array(count)
  let choice = 0
  claimants.forEach(([first], claimant) => {
    for (const school of first!.choices) {
      claimantOf[choice] = claimant
      schoolOf[choice] = indexOf.get(school)!
      choice += 1
    }
    firstChoice[claimant + 1] = choice
  })
  return { firstChoice, claimantOf, schoolOf }
}

/** By choice: the class with seats of its own, and the tier, 0 for the class that comes first at the school. */
function classesOf(claimants: OpenMarket['claimants'], schools: readonly RoundSchool[], { claimantOf, schoolOf }: Choices): { ownClassOf: Int32Array; tierOf: Int32Array } {
  const ownClassOf = new Int32Array(claimantOf.length).fill(NONE)
  const tierOf = new Int32Array(claimantOf.length)
  claimantOf.forEach((claimant, choice) => {
    const school = schools[schoolOf[choice]!]!
    if (!school.classes) return
    const id = claimants[claimant]![0]!.class
    const first = school.classes.findIndex((one) => one.id === id && one.seats === undefined)
    tierOf[choice] = first >= 0 ? first : school.classes.length
    ownClassOf[choice] = classesWithSeats(school).findIndex((one) => one.id === id)
  })
  return { ownClassOf, tierOf }
}

const classesWithSeats = ({ classes = [] }: RoundSchool) => classes.filter(({ seats }) => seats !== undefined)

/** Numbers the claims as they stand in the queues of the schools. */
function numberClaims(queues: readonly Int32Array[], claimants: OpenMarket['claimants'], all: Choices, ownClassOf: Int32Array): Omit<Market, 'overflow' | 'plans' | 'ownSeats'> {
  const count = all.schoolOf.length
  const column = () => new Int32Array(count)
  const claims = {
    firstChoice: all.firstChoice, firstClaim: new Int32Array(queues.length + 1),
    claimantOf: column(), schoolOf: column(), choiceOf: column(), sizeOf: column(), ownClassOf: column(), choices: column(),
  }
  const sizes = Int32Array.from(claimants, ({ length }) => length)
  let claim = 0
  for (const [school, queue] of queues.entries()) {
    for (const choice of queue) {
      const claimant = all.claimantOf[choice]!
      claims.claimantOf[claim] = claimant
      claims.schoolOf[claim] = school
      claims.choiceOf[claim] = choice - all.firstChoice[claimant]!
      claims.sizeOf[claim] = sizes[claimant]!
      claims.ownClassOf[claim] = ownClassOf[choice]!
      claims.choices[choice] = claim
      claim += 1
    }
    claims.firstClaim[school + 1] = claim
  }
  return claims
}
