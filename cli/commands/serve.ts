import { Command, Option } from 'commander'
import { ConfigError } from '../../platform/config.js'
import { runProcess } from '../../platform/process.js'
import { SERVED, serveComponents, type Served } from '../processes/serve.js'
import { listOf } from '../listOf.js'

/** `ruxue serve`: any set of services in one process, configured by the environment. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('serve some or all services in this process, configured by RUXUE_* variables, until SIGTERM')
    .addOption(new Option('--only <services>', `comma-separated: ${SERVED.join(', ')}`).default([...SERVED], 'all').argParser(listOf(SERVED)))
    .addHelpText('after', '\nExample:\n  ruxue serve --only registration,verification\n')
    .action(async ({ only }: { only: Served[] }) => {
      try {
        const { components, log } = await serveComponents(only)
        await runProcess(components, log)
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error
        process.stderr.write(`${error.message}\n`)
        process.exitCode = 2
      }
    })
}
