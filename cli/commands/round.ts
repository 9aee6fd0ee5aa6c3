import { Command } from 'commander'
import { consoleEndpoints } from '../../contracts/http/console.js'
import type { AnswerOf } from '../../platform/http/client.js'
import { problem } from '../../platform/problem.js'
import { asOfficer, EXIT_WORDS, lookingAt, officeOf, tell, withOfficeOptions, type OfficeOptions } from '../office.js'
import { tableOf } from '../table.js'

type Round = AnswerOf<typeof consoleEndpoints.listRounds>['rounds'][number]

/** `ruxue round`: how far the rounds of a season are, and what officers say to them. */
export function roundCommand(): Command {
  return new Command('round')
    .description('show how far the rounds of a season are, approve the publication of one, have held groups checked again, begin again after a wrong plan')
    .addCommand(showCommand())
    .addCommand(approveCommand())
    .addCommand(recheckCommand())
    .addCommand(voidCommand())
    .addCommand(restartCommand())
}

function showCommand(): Command {
  return withOfficeOptions(new Command('show'), 'console')
    .description('the step of each ceremony, groups held back, who has approved; nothing of a result')
    .argument('<season>', 'season')
    .argument('[round]', 'only this round')
    .addHelpText('after', `\nExample:\n  ruxue round show jiulongpo-2023-primary converted-draw\n\n${EXIT_WORDS}`)
    .action((season: string, phase: string | undefined, options: OfficeOptions) => asOfficer(() => show(season, phase, options)))
}

async function show(season: string, phase: string | undefined, options: OfficeOptions): Promise<void> {
  const client = await lookingAt(consoleEndpoints, 'console', options)
  const { rounds } = await client.listRounds({ params: { season } })
  const shown = phase === undefined ? rounds : rounds.filter((round) => round.phase === phase)
  if (phase !== undefined && shown.length === 0) throw problem('unknown-phase', `Season ${season} has no round ${phase}`)
  tell(shown, tableOf(HEAD, shown.map(rowOf)), options)
}

const HEAD = ['round', 'is', 'run', 'step done', 'children', 'held back', 'approved by', 'void asked by', 'admitted']

const rowOf = ({ phase, state, run, step, live, children, held, admitted }: Round): string[] => [
  phase, live?.stage === 'approving' ? 'waits for approval' : live?.stage ?? state, String(run ?? ''), step ?? '', String(children ?? ''), (held ?? []).join(', '),
  (live?.approvedBy ?? []).join(', '), (live?.voidAskedBy ?? []).join(', '), String(admitted ?? ''),
]

function approveCommand(): Command {
  return withOfficeOptions(new Command('approve'), 'console')
    .description('let the result of a checked round be published; where the policy says four-eyes, two officers must')
    .argument('<season>', 'season')
    .argument('<round>', 'round')
    .addHelpText('after', `\nExample:\n  ruxue round approve jiulongpo-2023-primary converted-draw --officer officer-7\n\n${EXIT_WORDS}`)
    .action((season: string, phase: string, options: OfficeOptions) => asOfficer(() => approve(season, phase, options)))
}

async function approve(season: string, phase: string, options: OfficeOptions): Promise<void> {
  const client = await officeOf(consoleEndpoints, 'console', options)
  const answer = await client.approveRound({ params: { season, phase }, body: {} })
  tell(answer, `${phase}: officers who have approved: ${answer.approvals}`, options)
}

function recheckCommand(): Command {
  return withOfficeOptions(new Command('recheck'), 'console')
    .description('have groups that were held back decided and checked again, once the fault is mended; what agrees goes out as a supplement')
    .argument('<season>', 'season')
    .argument('<round>', 'round')
    .requiredOption('--reason <text>', 'what was mended; it is recorded')
    .addHelpText('after', `\nExample:\n  ruxue round recheck changchun-2022 zoning --reason 'the checking program was of yesterday' --officer officer-7\n\n${EXIT_WORDS}`)
    .action((season: string, phase: string, options: OfficeOptions & { reason: string }) => asOfficer(() => recheck(season, phase, options)))
}

async function recheck(season: string, phase: string, options: OfficeOptions & { reason: string }): Promise<void> {
  const client = await officeOf(consoleEndpoints, 'console', options)
  const answer = await client.recheckRound({ params: { season, phase }, body: { reason: options.reason } })
  tell(answer, `${phase}: the groups held back are checked again; what agrees is published as supplement ${answer.supplement}`, options)
}

function voidCommand(): Command {
  return withOfficeOptions(new Command('void'), 'console')
    .description('declare the run of a round void, whose plans are wrong, before anything of it is public; two officers must')
    .argument('<season>', 'season')
    .argument('<round>', 'round')
    .requiredOption('--reason <text>', 'why; it is made public, that of the second officer')
    .addHelpText('after', `\nExample:\n  ruxue round void jiulongpo-2023-primary converted-draw --reason 'the plan of school 12 left out a class' --officer officer-7\n\n${EXIT_WORDS}`)
    .action((season: string, phase: string, options: OfficeOptions & { reason: string }) => asOfficer(() => declareVoid(season, phase, options)))
}

async function declareVoid(season: string, phase: string, options: OfficeOptions & { reason: string }): Promise<void> {
  const client = await officeOf(consoleEndpoints, 'console', options)
  const answer = await client.voidRound({ params: { season, phase }, body: { reason: options.reason } })
  const text = answer.void
    ? `${phase}: run ${answer.run} is void; correct the plans, then: ruxue round restart ${season} ${phase}`
    : `${phase}: another officer has to ask for it as well; run ${answer.run} still stands`
  tell(answer, text, options)
}

function restartCommand(): Command {
  return withOfficeOptions(new Command('restart'), 'console')
    .description('begin the next run of a round whose run is void: the same list, the seats there are now, other randomness')
    .argument('<season>', 'season')
    .argument('<round>', 'round')
    .addHelpText('after', `\nExample:\n  ruxue round restart jiulongpo-2023-primary converted-draw --officer officer-7\n\n${EXIT_WORDS}`)
    .action((season: string, phase: string, options: OfficeOptions) => asOfficer(() => restart(season, phase, options)))
}

async function restart(season: string, phase: string, options: OfficeOptions): Promise<void> {
  const client = await officeOf(consoleEndpoints, 'console', options)
  const answer = await client.restartRound({ params: { season, phase }, body: {} })
  tell(answer, `${phase}: run ${answer.run} begins`, options)
}
