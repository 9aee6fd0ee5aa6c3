import { Command } from 'commander'
import { runningPlatform } from '../platform/target.js'
import { rehearsePolicy } from '../rehearsal/report.js'
import { stateDirOption } from '../stateDir.js'
import { untilStopped } from '../untilStopped.js'
import { checkRehearsal, deliver, withRehearsalOptions, type RehearsalOptions } from './rehearsalOptions.js'

/** `ruxue rehearse`: one more season on the platform that runs on this machine. */
export function rehearseCommand(): Command {
  return withRehearsalOptions(new Command('rehearse'))
    .description('rehearse a season on the platform running on this machine (exit code 1 unless its audit holds)')
    .addOption(stateDirOption())
    .action(async (options: RehearsalOptions & { state: string }) => {
      await checkRehearsal(options)
      const target = await runningPlatform(options.state)
      const broken = new AbortController()
      void untilStopped().then(() => broken.abort())
      await deliver(await rehearsePolicy(target, { ...options, signal: broken.signal }), options)
    })
}
