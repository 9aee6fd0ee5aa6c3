import { Command } from 'commander'

import { allocateCommand } from './commands/allocate.js'
import { importCommand } from './commands/import.js'
import { keysCommand } from './commands/keys.js'
import { migrateCommand } from './commands/migrate.js'
import { auditCommand } from './commands/audit.js'
import { policyCommand } from './commands/policy.js'
import { rehearseCommand } from './commands/rehearse.js'
import { serveCommand } from './commands/serve.js'
import { stackCommand } from './commands/stack.js'
import { startCommand } from './commands/start.js'
import { statusCommand } from './commands/status.js'
import { stopCommand } from './commands/stop.js'
import { testCommand } from './commands/test.js'
import { workCommand } from './commands/work.js'
import { tellFailure } from './failure.js'

const program = new Command('ruxue')
  .description("Runs a city's whole school admission season: one durable workflow a child")
  .showHelpAfterError()
  .addCommand(startCommand())
  .addCommand(rehearseCommand())
  .addCommand(serveCommand())
  .addCommand(workCommand())
  .addCommand(policyCommand())
  .addCommand(allocateCommand())
  .addCommand(importCommand())
  .addCommand(auditCommand())
  .addCommand(migrateCommand())
  .addCommand(keysCommand())
  .addCommand(stackCommand())
  .addCommand(statusCommand())
  .addCommand(stopCommand())
  .addCommand(testCommand(), { hidden: true })

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = tellFailure(error)
}
