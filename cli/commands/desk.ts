import { Command, Option } from 'commander'
import { consoleEndpoints } from '../../contracts/http/console.js'
import { SEATED_WAYS, type SeatedWay } from '../../contracts/facts.js'
import type { AnswerOf, CallOf, Client } from '../../platform/http/client.js'
import { everyPage } from '../everyPage.js'
import { asOfficer, EXIT_WORDS, lookingAt, officeOf, tell, withOfficeOptions, type OfficeOptions } from '../office.js'
import { tableOf } from '../table.js'

type Case = AnswerOf<typeof consoleEndpoints.listArrangementCases>['cases'][number]
type Decision = NonNullable<CallOf<typeof consoleEndpoints.arrangeChild>['body']>['decision']

/** `ruxue desk`: the cases of the arrangement desks, and their decisions. */
export function deskCommand(): Command {
  return new Command('desk')
    .description('list the cases of the arrangement desks; give a child a place, in one of the desk’s ways, or end its season')
    .addCommand(listCommand())
    .addCommand(placeCommand())
    .addCommand(endCommand())
}

const subcommand = (name: string): Command => withOfficeOptions(new Command(name), 'console').argument('<season>', 'season')

function listCommand(): Command {
  return subcommand('list')
    .description('the cases that wait for a decision, or have had one')
    .option('--phase <desk>', 'only of this desk')
    .option('--closed', 'those that have had their decision')
    .addHelpText('after', `\nExample:\n  ruxue desk list jiulongpo-2023-primary --phase disability-arrangement\n\n${EXIT_WORDS}`)
    .action((season: string, options: OfficeOptions & { phase?: string; closed?: boolean }) => asOfficer(async () => {
      const cases = await allOf(await lookingAt(consoleEndpoints, 'console', options), season, options)
      tell(cases, tableOf(HEAD, cases.map(rowOf)), options)
    }))
}

function allOf(client: Client<typeof consoleEndpoints>, season: string, { phase, closed }: { phase?: string; closed?: boolean }): Promise<Case[]> {
  const query = { state: closed ? 'closed' : 'open', limit: 500, ...(phase !== undefined && { phase }) } as const
  return everyPage(async (from) => {
    const { cases, next } = await client.listArrangementCases({ params: { season }, query: { ...query, ...from } })
    return { items: cases, next }
  })
}

const HEAD = ['child', 'district', 'desk', 'brought by', 'since', 'left as']

const rowOf = ({ child, district, phase, cause, openedAt, closedAs }: Case): string[] =>
  [child, district ?? '', phase, causeWords(cause), openedAt, closedAs ?? '']

function causeWords(cause: Case['cause']): string {
  if ('of' in cause) return `${cause.of} ${cause.outcome}`
  return 'flaggedBy' in cause ? `flag of ${cause.flaggedBy}: ${cause.reason}` : 'no seat'
}

function placeCommand(): Command {
  return subcommand('place')
    .description('give a child of the desk a seat that is free')
    .argument('<child>', 'child')
    .argument('<school>', 'school')
    .addOption(new Option('--way <way>', 'how it is taught, where the desk has ways').choices(SEATED_WAYS))
    .requiredOption('--reason <text>', 'why, without names')
    .addHelpText('after', `\nExample:\n  ruxue desk place jiulongpo-2023-primary CHILD SCHOOL --way inclusive-class --reason '…' --officer officer-7\n\n${EXIT_WORDS}`)
    .action((season: string, child: string, place: string, options: OfficeOptions & { way?: SeatedWay; reason: string }) =>
      asOfficer(() => decide(season, child, { place, ...(options.way && { way: options.way }) }, options)))
}

function endCommand(): Command {
  return subcommand('end')
    .description('end the season of a child of the desk without a seat; its family reads the end')
    .argument('<child>', 'child')
    .argument('<end>', 'how it ends, as the family is told; without names')
    .option('--deferral', 'school starts a year later, where the desk has that way')
    .requiredOption('--reason <text>', 'why, without names')
    .addHelpText('after', `\nExample:\n  ruxue desk end jiulongpo-2023-primary CHILD '按鉴定意见缓学' --deferral --reason '…' --officer officer-7\n\n${EXIT_WORDS}`)
    .action((season: string, child: string, end: string, options: OfficeOptions & { deferral?: boolean; reason: string }) =>
      asOfficer(() => decide(season, child, { end, ...(options.deferral && { way: 'deferral' as const }) }, options)))
}

async function decide(season: string, child: string, decision: Decision, options: OfficeOptions & { reason: string }): Promise<void> {
  const client = await officeOf(consoleEndpoints, 'console', options)
  const answer = await client.arrangeChild({ params: { season, child }, body: { decision, reason: options.reason } })
  tell(answer, `${child} is ${answer.status}${answer.school === undefined ? '' : ` at ${answer.school}`}`, options)
}
