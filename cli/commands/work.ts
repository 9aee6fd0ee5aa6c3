import { Command, Option } from 'commander'
import { listOf } from '../listOf.js'
import { runConfigured } from '../processes/runConfigured.js'
import { WORKED, type Worked } from '../processes/names.js'

/** `ruxue work`: any set of workers, and the bridge, in one process. */
export function workCommand(): Command {
  return new Command('work')
    .description('run some or all workers and the bridge in this process, configured by RUXUE_* variables, until SIGTERM')
    .addOption(new Option('--only <workers>', `comma-separated: ${WORKED.join(', ')}`).default([...WORKED], 'all').argParser(listOf(WORKED)))
    .addHelpText('after', '\nExample:\n  ruxue work --only enrollment\n')
    .action(({ only }: { only: Worked[] }) => runConfigured(async () => (await import('../processes/work.js')).workComponents(only)))
}
