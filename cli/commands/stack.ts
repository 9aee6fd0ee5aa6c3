import { Command } from 'commander'

import { printProgress } from '../../infra/stack/progress.js'
import { startStack } from '../../infra/stack/stack.js'
import { stateDirOption } from '../stateDir.js'
import { untilStopped } from '../untilStopped.js'

interface StackCommandOptions {
  readonly state: string
  readonly fresh?: boolean
}

/** `ruxue stack`: PostgreSQL, Kafka and Temporal alone, for developers. */
export function stackCommand(): Command {
  return new Command('stack')
    .description('start PostgreSQL, Kafka and Temporal alone, until Ctrl-C; their addresses are printed and in addresses.json')
    .addOption(stateDirOption())
    .option('--fresh', 'remove the data of earlier runs first')
    .action(runStack)
}

async function runStack(options: StackCommandOptions): Promise<void> {
  const stopped = untilStopped()
  const stack = await startStack({ stateDir: options.state, fresh: options.fresh ?? false, onProgress: printProgress })
  const { postgresUrl, kafkaBrokers, temporalAddress, temporalUiUrl } = stack
  process.stdout.write(`${JSON.stringify({ postgresUrl, kafkaBrokers, temporalAddress, temporalUiUrl }, null, 2)}\n`)
  printProgress({ part: 'stack', message: `${await stopped}: stopping` })
  await stack.stop()
}
