import { Command } from 'commander'

import { stackCommand } from './commands/stack.js'
import { statusCommand } from './commands/status.js'
import { stopCommand } from './commands/stop.js'
import { testCommand } from './commands/test.js'
import { tellFailure } from './failure.js'

const program = new Command('ruxue')
  .description("Runs a city's whole school admission season: one durable workflow a child")
  .showHelpAfterError()
  .addCommand(stackCommand())
  .addCommand(statusCommand())
  .addCommand(stopCommand())
  .addCommand(testCommand(), { hidden: true })

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = tellFailure(error)
}
