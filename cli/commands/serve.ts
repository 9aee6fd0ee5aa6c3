import { Command, Option } from 'commander'
import { listOf } from '../listOf.js'
import { runConfigured } from '../processes/runConfigured.js'
import { SERVED, type Served } from '../processes/names.js'

/** `ruxue serve`: any set of services in one process. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('serve some or all services in this process, configured by RUXUE_* variables, until SIGTERM')
    .addOption(new Option('--only <services>', `comma-separated: ${SERVED.join(', ')}`).default([...SERVED], 'all').argParser(listOf(SERVED)))
    .addHelpText('after', '\nExample:\n  ruxue serve --only registration,verification\n')
    .action(({ only }: { only: Served[] }) => runConfigured(async () => (await import('../processes/serve.js')).serveComponents(only)))
}
