import { Command } from 'commander'
import { tellFailure } from './failure.js'

/** Only what is asked for is loaded: a service's process needs nothing of a rehearsal's. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  start: async () => (await import('./commands/start.js')).startCommand(),
  rehearse: async () => (await import('./commands/rehearse.js')).rehearseCommand(),
  serve: async () => (await import('./commands/serve.js')).serveCommand(),
  work: async () => (await import('./commands/work.js')).workCommand(),
  policy: async () => (await import('./commands/policy.js')).policyCommand(),
  allocate: async () => (await import('./commands/allocate.js')).allocateCommand(),
  verify: async () => (await import('./commands/verify.js')).verifyCommand(),
  import: async () => (await import('./commands/import.js')).importCommand(),
  round: async () => (await import('./commands/round.js')).roundCommand(),
  plan: async () => (await import('./commands/plan.js')).planCommand(),
  proposals: async () => (await import('./commands/proposals.js')).proposalsCommand(),
  desk: async () => (await import('./commands/desk.js')).deskCommand(),
  audit: async () => (await import('./commands/audit.js')).auditCommand(),
  migrate: async () => (await import('./commands/migrate.js')).migrateCommand(),
  keys: async () => (await import('./commands/keys.js')).keysCommand(),
  stack: async () => (await import('./commands/stack.js')).stackCommand(),
  status: async () => (await import('./commands/status.js')).statusCommand(),
  stop: async () => (await import('./commands/stop.js')).stopCommand(),
  test: async () => (await import('./commands/test.js')).testCommand(),
}
/** For `npm test`, not for users. */
const HIDDEN = 'test'

const program = new Command('ruxue')
  .description("Runs a city's whole school admission season: one durable workflow a child")
  .showHelpAfterError()
const asked = process.argv[2] ?? ''
for (const name of asked in COMMANDS ? [asked] : Object.keys(COMMANDS)) {
  program.addCommand(await COMMANDS[name]!(), { hidden: name === HIDDEN })
}

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = tellFailure(error)
}
