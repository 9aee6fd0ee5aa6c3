import { DEFAULT_ORDER, REGISTERED_KEY } from '../../../../../contracts/rounds.js'
import type { Draft, DraftApplicant } from './draft.js'
import { checkOrders } from './order-faults.js'
import { reportRepeated, type Report } from './report.js'

/** Reports everything that is wrong with a round beyond the shape of its file. */
export function checkRound(draft: Draft, report: Report): void {
  checkSchools(draft, report)
  checkApplicants(draft, report)
  checkUnits(draft, report)
  checkOrders(draft, report)
}

function checkSchools({ schools }: Draft, report: Report): void {
  reportRepeated(report, schools.map(({ id }) => id), (index) => ['schools', index, 'id'])
  for (const [index, { id, plan, classes = [] }] of schools.entries()) {
    if (id === DEFAULT_ORDER) report(['schools', index, 'id'], `A school cannot be called ${id}: among the orders that name stands for the others`)
    reportRepeated(report, classes.map((one) => one.id), (at) => ['schools', index, 'classes', at, 'id'])
    const own = classes.reduce((sum, { seats = 0 }) => sum + seats, 0)
    if (plan !== undefined && own > Math.max(0, plan)) report(['schools', index, 'classes'], `The classes have ${own} seats of their own, and the plan is ${plan}`)
  }
}

function checkApplicants({ schools, applicants }: Draft, report: Report): void {
  const known = new Set(schools.map(({ id }) => id))
  reportRepeated(report, applicants.map(({ id }) => id), (index) => ['applicants', index, 'id'])
  for (const [index, { choices }] of applicants.entries()) {
    for (const [at, school] of choices.entries()) {
      if (school === undefined) continue
      if (!known.has(school)) report(['applicants', index, 'choices', at], `There is no school ${school}`)
      if (choices.indexOf(school) < at) report(['applicants', index, 'choices', at], `${school} is there before`)
    }
  }
}

/** A unit has one claim and one ticket: its members want the same, and its name is nobody's id. */
function checkUnits({ applicants }: Draft, report: Report): void {
  const first = new Map<string, DraftApplicant>()
  for (const [index, member] of applicants.entries()) {
    if (member.unit === undefined) continue
    const other = first.get(member.unit)
    if (other) checkMember(index, member, other, report)
    else first.set(member.unit, member)
  }
  for (const [index, { id }] of applicants.entries()) {
    if (id !== undefined && first.has(id)) report(['applicants', index, 'id'], `${id} is the name of a unit too`)
  }
}

function checkMember(index: number, member: DraftApplicant, other: DraftApplicant, report: Report): void {
  const unlike = (what: string) => `Not ${what} as ${other.id}, who is in the unit ${member.unit} too`
  if (member.choices.join('\n') !== other.choices.join('\n')) report(['applicants', index, 'choices'], unlike('the same schools in the same order'))
  if (member.class !== other.class) report(['applicants', index, 'class'], unlike('the same class'))
  if (typeof member.keys?.[REGISTERED_KEY] !== typeof other.keys?.[REGISTERED_KEY]) report(['applicants', index, 'keys', REGISTERED_KEY], unlike('of the same kind'))
}
