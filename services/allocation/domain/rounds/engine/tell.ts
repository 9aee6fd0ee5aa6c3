import type { ApplicantId, Assignment, Reason, ResultFile } from '../../../../../contracts/rounds.js'
import { byText } from '../list.js'
import { NONE, type Held, type Market } from './market.js'
import type { OpenMarket } from './open-market.js'
import { SeatCount } from './seats.js'
import { holdersOf, visitWishes } from './wishes.js'

/** Translates who holds what back into ids, each place with its reason, and says who waits at every school. */
export function tell({ market, schools, claimants }: OpenMarket, held: Held): Pick<ResultFile, 'assignments' | 'reserves'> {
  const reasons: Reason[][] = []
  const foundTooFew = new Set<number>()
  const waiting = schools.map((_, school) => {
    const claims: number[] = []
    visitWishes(market, held, school, (claim, inReach) => {
      claims.push(claim)
      if (inReach > 0 && market.sizeOf[claim]! > 1) foundTooFew.add(market.claimantOf[claim]!)
    })
    giveReasons(market, held, school, claims.length > 0, reasons)
    return idsOf(claims)
  })
  const assignments: Assignment[] = []
  claimants.forEach((members, claimant) => {
    const claim = held[claimant]!
    const school = claim === NONE ? null : schools[market.schoolOf[claim]!]!.id
    const choice = claim === NONE ? null : market.choiceOf[claim]! + 1
    const reason = claim === NONE ? whyNowhere(market, claimant, foundTooFew) : undefined
    members.forEach(({ id }, member) => assignments.push({ applicant: id, school, choice, reason: reason ?? reasons[claimant]![member]! }))
  })
  return {
    assignments: assignments.sort((a, b) => byText(a.applicant, b.applicant)),
    reserves: Object.fromEntries(schools.map(({ id }, school) => [id, waiting[school]!] as const).sort(([a], [b]) => byText(a, b))),
  }

  function idsOf(claims: readonly number[]): ApplicantId[] {
    const ids: ApplicantId[] = []
    for (const claim of claims) for (const { id } of claimants[market.claimantOf[claim]!]!) ids.push(id)
    return ids
  }
}

function giveReasons(market: Market, held: Held, school: number, isContested: boolean, reasons: Reason[][]): void {
  const holders = holdersOf(market, held, school)
  const seats = new SeatCount(market, school, holders)
  for (const claim of holders) {
    const claimant = market.claimantOf[claim]!
    const own = isContested ? seats.ownFor(claim) : 0
    const inReach = seats.inReach(claim)
    const given: Reason[] = []
    for (let member = 0; member < market.sizeOf[claim]!; member += 1) {
      given.push(member >= inReach ? 'over-plan' : !isContested ? 'everyone-fits' : member < own ? 'own-seat' : 'better-claim')
    }
    reasons[claimant] = given
    seats.take(claim)
  }
}

function whyNowhere({ firstChoice, overflow }: Market, claimant: number, foundTooFew: ReadonlySet<number>): Reason {
  if (firstChoice[claimant] === firstChoice[claimant + 1]) return 'no-school'
  return overflow === 'skip' && foundTooFew.has(claimant) ? 'unit-too-large' : 'no-seat'
}
