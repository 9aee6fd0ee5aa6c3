import { DEFAULT_OVERFLOW, type ApplicantId, type Assignment, type ResultFile, type RoundApplicant, type RoundFile } from '../../../../../contracts/rounds.js'
import { canonicalJson } from '../../../../../platform/crypto.js'
import { allocate, ticketsOf } from './allocate.js'
import { checkClaims } from './check-claims.js'
import type { Violation } from './properties.js'
import { inRegistrationOrder, type TicketOf } from './ranking.js'
import { waivedIn } from './waivers.js'

/**
 * Checks that the properties of docs/rounds.md hold of a result.
 * @returns every violation; where applicants, schools or units are wrong, only of these
 */
export function checkResult(round: RoundFile, result: ResultFile, tickets: TicketOf | undefined = ticketsOf(round)): Violation[] {
  const gone = new Set(waivedIn(result))
  const wrong = [...checkComplete(round, result), ...checkChosen(round, result)]
  if (wrong.length > 0) return wrong
  const places = new Map(result.assignments.map((assignment) => [assignment.applicant, assignment]))
  const apart = [...checkPlan(round, result), ...checkUnits(round, places, gone)]
  if (apart.length > 0) return apart
  return [...checkClaims(round, result, tickets, gone), ...(gone.size > 0 ? [] : checkInputOrder(round, result, tickets))]
}

/** Every applicant is in the result once, and nobody else is. */
function checkComplete({ applicants }: RoundFile, { assignments }: ResultFile): Violation[] {
  const missing = new Set(applicants.map(({ id }) => id))
  const extra = assignments.filter(({ applicant }) => !missing.delete(applicant))
  return [
    ...extra.map(({ applicant }): Violation => ({ property: 'complete', what: `${applicant} is no applicant, or is there before` })),
    ...Array.from(missing, (applicant): Violation => ({ property: 'complete', what: `${applicant} is missing` })),
  ]
}

/** Nobody is at a school that was not chosen. */
function checkChosen({ applicants }: RoundFile, { assignments }: ResultFile): Violation[] {
  const choices = new Map(applicants.map((applicant) => [applicant.id, applicant.choices]))
  return assignments
    .filter(({ applicant, school, choice }) => (choice === null ? school !== null : school === null || choices.get(applicant)?.[choice - 1] !== school))
    .map(({ applicant, school, choice }) => ({ property: 'chosen', what: `${applicant} is at ${school} as choice ${choice}` }))
}

/** No school has more children than its plan, but for the children of units admitted over plan. */
function checkPlan({ schools, applicants, unitOverflow = DEFAULT_OVERFLOW }: RoundFile, { assignments }: ResultFile): Violation[] {
  const overPlan = new Set(assignments.filter(({ reason }) => reason === 'over-plan').map(({ applicant }) => applicant))
  const within = new Map(schools.map(({ id }) => [id, 0]))
  for (const { school, reason } of assignments) if (school !== null && reason !== 'over-plan') within.set(school, within.get(school)! + 1)
  const full = schools.filter(({ id, plan }) => within.get(id)! > plan)
  const units = [...unitsIn(applicants)].filter(([, members]) => members.every(({ id }) => overPlan.has(id)))
  const alone = applicants.filter(({ id, unit }) => overPlan.has(id) && (unit === undefined || unitOverflow !== 'admit'))
  return [
    ...full.map(({ id, plan }): Violation => ({ property: 'plan', what: `${id} has ${within.get(id)} children within plan, and ${plan} seats` })),
    ...units.map(([unit]): Violation => ({ property: 'plan', what: `All of the unit ${unit} are over plan` })),
    ...alone.map(({ id }): Violation => ({ property: 'plan', what: `${id} is over plan and in no unit that may be` })),
  ]
}

/** The children of a unit are at one school; where units are split, one registered later has no earlier choice. */
function checkUnits({ applicants, unitOverflow = DEFAULT_OVERFLOW }: RoundFile, places: ReadonlyMap<ApplicantId, Assignment>, gone: ReadonlySet<ApplicantId>): Violation[] {
  const choiceOf = ({ id }: RoundApplicant) => places.get(id)!.choice ?? Infinity
  return [...unitsIn(applicants)].flatMap(([unit, members]): Violation[] => {
    const choices = inRegistrationOrder(members.filter(({ id }) => !gone.has(id))).map(choiceOf)
    const isWrong = choices.some((choice, at) => at > 0 && (unitOverflow === 'split' ? choice < choices[at - 1]! : choice !== choices[0]))
    return isWrong ? [{ property: 'units', what: `The children of ${unit} have their choices ${choices.join(', ')}` }] : []
  })
}

function unitsIn(applicants: readonly RoundApplicant[]): Map<string, RoundApplicant[]> {
  const units = new Map<string, RoundApplicant[]>()
  for (const applicant of applicants) {
    if (applicant.unit !== undefined) units.set(applicant.unit, [...(units.get(applicant.unit) ?? []), applicant])
  }
  return units
}

/** The order of applicants and schools in the file changes nothing: read backwards, the round has the same result. */
function checkInputOrder(round: RoundFile, result: ResultFile, tickets: TicketOf | undefined): Violation[] {
  const again = allocate({ ...round, applicants: round.applicants.toReversed(), schools: round.schools.toReversed() }, tickets)
  if (canonicalJson(again) === canonicalJson(result)) return []
  const differs = again.assignments.find((assignment, at) => canonicalJson(assignment) !== canonicalJson(result.assignments[at]))
  return [{ property: 'input-order', what: differs ? `Read backwards, ${differs.applicant} is at ${differs.school}: ${differs.reason}` : 'Read backwards, the result is another' }]
}

/** A waiver only moves people up. */
export function checkWaivers(before: ResultFile, after: ResultFile): Violation[] {
  const choices = new Map(before.assignments.map(({ applicant, choice }) => [applicant, choice ?? Infinity]))
  return after.assignments
    .filter(({ applicant, choice, reason }) => reason !== 'waived' && (choice ?? Infinity) > (choices.get(applicant) ?? Infinity))
    .map(({ applicant, school }) => ({ property: 'waivers', what: `${applicant} has moved down, to ${school}` }))
}
