import { Command } from 'commander'
import { allocationEndpoints } from '../../contracts/http/allocation.js'
import type { AnswerOf } from '../../platform/http/client.js'
import { everyPage } from '../everyPage.js'
import { asOfficer, demand, EXIT_WORDS, lookingAt, officeOf, tell, withOfficeOptions, type OfficeOptions } from '../office.js'
import { tableOf } from '../table.js'

type School = AnswerOf<typeof allocationEndpoints.listSchools>['schools'][number]

/** `ruxue plan`: how many seats the schools of a season have. */
export function planCommand(): Command {
  return new Command('plan').description('show the plans of a season’s schools, change one').addCommand(showCommand()).addCommand(setCommand())
}

function showCommand(): Command {
  return withOfficeOptions(new Command('show'), 'allocation')
    .description('each school’s plan, and how many of its seats are held, taken and free')
    .argument('<season>', 'season')
    .option('--district <id>', 'only the schools of this district')
    .addHelpText('after', `\nExample:\n  ruxue plan show changchun-2022 --district nanguan\n\n${EXIT_WORDS}`)
    .action((season: string, options: OfficeOptions & { district?: string }) => asOfficer(() => show(season, options)))
}

async function show(season: string, { district, ...options }: OfficeOptions & { district?: string }): Promise<void> {
  const client = await lookingAt(allocationEndpoints, 'allocation', options)
  const schools = await everyPage(async (from) => {
    const { schools: items, next } = await client.listSchools({ params: { season }, query: { ...(district !== undefined && { district }), ...from } })
    return { items, next }
  })
  tell(schools, tableOf(HEAD, schools.map(rowOf)), options)
}

const HEAD = ['school', 'name', 'district', 'plan', 'held', 'taken', 'free']

const rowOf = ({ id, name, district, plan, held, taken, free }: School): string[] => [id, name, district, ...[plan, held, taken, free].map((seats) => String(seats ?? ''))]

function setCommand(): Command {
  return withOfficeOptions(new Command('set'), 'allocation')
    .description('change the plan of one school: for the rounds that are frozen from now on, and not while one is under way')
    .argument('<season>', 'season')
    .argument('<school>', 'school')
    .argument('<seats>', 'seats')
    .addHelpText('after', `\nExample:\n  ruxue plan set changchun-2022 nanguan-03 120 --officer officer-7\n\n${EXIT_WORDS}`)
    .action((season: string, school: string, seats: string, options: OfficeOptions) => asOfficer(() => set(season, school, seats, options)))
}

async function set(season: string, school: string, seats: string, options: OfficeOptions): Promise<void> {
  demand(/^\d+$/.test(seats), 'the plan is a whole number of seats')
  const client = await officeOf(allocationEndpoints, 'allocation', options)
  const answer = await client.setPlan({ params: { season, school }, body: { plan: Number(seats) } })
  tell(answer, `${school}: the plan was ${answer.before} and is ${answer.plan}`, options)
}
