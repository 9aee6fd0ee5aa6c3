import { Command } from 'commander'
import { consoleEndpoints } from '../../contracts/http/console.js'
import { tokenSource } from '../../platform/auth.js'
import { createClient } from '../../platform/http/client.js'
import { runningPlatform } from '../platform/target.js'
import { stateDirOption } from '../stateDir.js'

interface RecheckOptions {
  season: string
  reason: string
  state: string
}

/** `ruxue recheck`: has the groups of a round that were held back checked again, on the running platform. */
export function recheckCommand(): Command {
  return new Command('recheck')
    .description('have the groups of a round that were held back decided and checked again, once the fault is mended')
    .argument('<round>', 'the round’s phase')
    .requiredOption('--season <id>', 'season')
    .requiredOption('--reason <text>', 'what was mended; it is recorded')
    .addOption(stateDirOption())
    .addHelpText('after', '\nExample:\n  ruxue recheck zoning --season changchun-2022 --reason "verify_draw.py of yesterday"\n')
    .action(recheck)
}

async function recheck(phase: string, { season, reason, state }: RecheckOptions): Promise<void> {
  const target = await runningPlatform(state)
  const token = tokenSource(target.issuer, { subject: 'command-line', role: 'city' })
  const { supplement } = await createClient(consoleEndpoints, { baseUrl: target.addresses.console, token }).recheckRound({ params: { season, phase }, body: { reason } })
  process.stdout.write(`${phase}: groups that were held back are checked again; what agrees is published as supplement ${supplement}\n`)
}
