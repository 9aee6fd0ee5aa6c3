import { Command } from 'commander'

import { prepareTestServers } from '../../infra/prepare.js'
import { printProgress } from '../../infra/stack/progress.js'
import { runChecks } from '../testing/checks.js'
import { runTests } from '../testing/vitest.js'

/** `npm test`: the servers' programs, static checks, then every test; the last line counts both. */
export function testCommand(): Command {
  return new Command('test')
    .description('type-check, lint, dependency rule and all tests; with arguments only the tests, which receive them')
    .argument('[arguments...]', 'handed on to vitest, for example a path')
    .allowUnknownOption()
    .helpOption(false)
    .action(async (args: string[]) => {
      await prepareTestServers(printProgress)
      const checks = args.length === 0 ? await runChecks() : { passed: 0, failed: 0 }
      const tests = await runTests(args)
      const failed = checks.failed + tests.failed
      if (failed > 0) process.exitCode = 1
      process.stdout.write(`${checks.passed + tests.passed} passed, ${failed} failed\n`)
    })
}
