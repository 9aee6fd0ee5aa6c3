import { Command } from 'commander'
import { proposalEndpoints } from '../../contracts/http/proposals.js'
import type { AnswerOf, CallOf, Client } from '../../platform/http/client.js'
import { everyPage } from '../everyPage.js'
import { asOfficer, demand, EXIT_WORDS, lookingAt, officeOf, tell, withOfficeOptions, type OfficeOptions } from '../office.js'
import { tableOf } from '../table.js'

type Proposal = AnswerOf<typeof proposalEndpoints.listProposals>['proposals'][number]
type Judgement = CallOf<typeof proposalEndpoints.judgeProposals>['body']

/** `ruxue proposals`: what a residual round proposes, and what officers say to it. */
export function proposalsCommand(): Command {
  return new Command('proposals')
    .description('list what a residual round proposes; approve or refuse before its results are public')
    .addCommand(listCommand())
    .addCommand(approveCommand())
    .addCommand(refuseCommand())
}

const subcommand = (name: string): Command =>
  withOfficeOptions(new Command(name), 'allocation').argument('<season>', 'season').argument('<round>', 'residual round')

function listCommand(): Command {
  return subcommand('list')
    .description('the proposals by child: school, distance, why, and what officers have said')
    .option('--open', 'only those about which nobody has said anything')
    .addHelpText('after', `\nExample:\n  ruxue proposals list jiulongpo-2023-primary household-adjusted --open\n\n${EXIT_WORDS}`)
    .action((season: string, phase: string, options: OfficeOptions & { open?: boolean }) => asOfficer(() => list(season, phase, options)))
}

async function list(season: string, phase: string, options: OfficeOptions & { open?: boolean }): Promise<void> {
  const proposals = await allOf(await lookingAt(proposalEndpoints, 'allocation', options), season, phase)
  const shown = options.open ? proposals.filter(({ school, verdict }) => school !== null && verdict === undefined) : proposals
  tell(shown, tableOf(HEAD, shown.map(rowOf)), options)
}

function allOf(client: Client<typeof proposalEndpoints>, season: string, phase: string): Promise<Proposal[]> {
  return everyPage(async (from) => {
    const { proposals, next } = await client.listProposals({ params: { season, phase }, query: { limit: 500, ...from } })
    return { items: proposals, next }
  })
}

const HEAD = ['child', 'school', 'metres', 'reason', 'nearer, full', 'said']

const rowOf = ({ child, school, metres, reason, nearer, verdict }: Proposal): string[] =>
  [child, school ?? 'none', String(metres ?? ''), reason, nearer.join(', '), verdict ?? '']

function approveCommand(): Command {
  return subcommand('approve')
    .description('approve the proposals for some children, or all that nobody has refused')
    .argument('[children...]', 'children')
    .option('--all', 'all that nobody has refused')
    .option('--reason <text>', 'why, without names')
    .addHelpText('after', `\nExample:\n  ruxue proposals approve jiulongpo-2023-primary household-adjusted --all --officer officer-7\n\n${EXIT_WORDS}`)
    .action((season: string, phase: string, children: string[], options: OfficeOptions & { all?: boolean; reason?: string }) => asOfficer(async () => {
      demand((children.length > 0) !== (options.all === true), 'name the children, or say --all')
      const { reason } = options
      await judge(season, phase, { verdict: 'approved', children: options.all ? 'all' : children, ...(reason !== undefined && { reason }) }, options)
    }))
}

function refuseCommand(): Command {
  return subcommand('refuse')
    .description('refuse the proposals for some children: they are not admitted, and the policy says what comes next')
    .argument('<children...>', 'children')
    .requiredOption('--reason <text>', 'why, without names')
    .addHelpText('after', `\nExample:\n  ruxue proposals refuse jiulongpo-2023-primary household-adjusted CHILD --reason '…' --officer officer-7\n\n${EXIT_WORDS}`)
    .action((season: string, phase: string, children: string[], options: OfficeOptions & { reason: string }) =>
      asOfficer(() => judge(season, phase, { verdict: 'refused', children, reason: options.reason }, options)))
}

async function judge(season: string, phase: string, body: Judgement, options: OfficeOptions): Promise<void> {
  const client = await officeOf(proposalEndpoints, 'allocation', options)
  const answer = await client.judgeProposals({ params: { season, phase }, body })
  const { approved, refused, open } = answer
  tell(answer, `${phase}: ${approved} approved, ${refused} refused, ${open} open`, options)
}
