import { DEFAULT_OVERFLOW, type ApplicantId, type ResultFile, type RoundFile } from '../../../../../contracts/rounds.js'
import type { Held } from './market.js'
import { openMarket, type OpenMarket } from './open-market.js'
import type { Violation } from './properties.js'
import type { TicketOf } from './ranking.js'
import { suffices } from './seats.js'
import { heldIn } from './waivers.js'
import { holdersOf, visitWishes } from './wishes.js'

/**
 * Checks what claims say of a result: `claims`, `free-seats` and `reserves`.
 * @param gone those who have waived
 */
export function checkClaims(round: RoundFile, result: ResultFile, tickets: TicketOf | undefined, gone: ReadonlySet<ApplicantId>): Violation[] {
  const open = openMarket(round, tickets, gone)
  const held = heldIn(open, result)
  const exceptions = exceptionsOf(round, result, gone)
  return round.schools.flatMap((_, school) => checkSchool(open, held, school, result, exceptions))
}

/** Where docs/rounds.md lets a weaker claim stand. */
interface Exceptions {
  /** Units that are skipped may have been passed over where there now is room: schools differ, or somebody has waived. */
  unitsPassedOver: boolean
  /** Schools over plan, where the first seats that waivers free are not given again. */
  schoolsOverPlan: ReadonlySet<string | null>
}

function exceptionsOf({ mechanism, orders, schools, unitOverflow = DEFAULT_OVERFLOW }: RoundFile, { assignments }: ResultFile, gone: ReadonlySet<ApplicantId>): Exceptions {
  const hasOneOrder = schools.every(({ classes }) => !classes) && (mechanism !== 'deferred' || Object.keys(orders).length === 1)
  const overPlan = assignments.filter(({ reason }) => gone.size > 0 && reason === 'over-plan')
  return {
    unitsPassedOver: unitOverflow === 'skip' && (gone.size > 0 || !hasOneOrder),
    schoolsOverPlan: new Set(overPlan.map(({ school }) => school)),
  }
}

function checkSchool({ market, claimants, schools }: OpenMarket, held: Held, school: number, result: ResultFile, exceptions: Exceptions): Violation[] {
  const { id, plan } = schools[school]!
  const free = plan - holdersOf(market, held, school).reduce((taken, claim) => taken + market.sizeOf[claim]!, 0)
  const violations: Violation[] = []
  const waiting: ApplicantId[] = []
  visitWishes(market, held, school, (claim, inReach) => {
    const claimant = claimants[market.claimantOf[claim]!]!
    const members = claimant.map((member) => member.id)
    const isException = (exceptions.unitsPassedOver && claimant[0]!.unit !== undefined) || (exceptions.schoolsOverPlan.has(id) && free <= 0)
    waiting.push(...members)
    // Nobody has a better claim to a seat than the one who has it.
    if (suffices(market, claim, inReach) && !isException) {
      violations.push({ property: 'claims', what: `${members.join(' and ')} would rather be at ${id}, where ${inReach} seats are free or with weaker claims` })
    }
    // No seat stays free that somebody would rather have.
    if (suffices(market, claim, free)) violations.push({ property: 'free-seats', what: `${members.join(' and ')} would rather be at ${id}, where ${free} seats are free` })
  })
  // Everyone who would rather be at a school is in its reserves, in the order of claims, and nobody else is.
  if (waiting.join('\n') !== result.reserves[id]?.join('\n')) violations.push({ property: 'reserves', what: `The reserves of ${id} should be ${waiting.join(', ') || 'nobody'}` })
  return violations
}
