import { Command } from 'commander'
import { printProgress } from '../../infra/stack/progress.js'
import type { rehearsePolicy as RehearsePolicy } from '../rehearsal/report.js'
import { startPlatform, type Platform } from '../platform/start.js'
import { stateDirOption } from '../stateDir.js'
import { untilStopped } from '../untilStopped.js'
import { checkRehearsal, deliver, withRehearsalOptions, type RehearsalOptions } from './rehearsalOptions.js'

interface StartOptions extends RehearsalOptions {
  state: string
  fresh?: boolean
  rehearsal: boolean
  exit?: boolean
}

/** `ruxue start`: everything on this machine, a rehearsal first unless told otherwise. */
export function startCommand(): Command {
  return withRehearsalOptions(new Command('start'))
    .description('bring up the whole platform on this machine, rehearse a season on it, and keep it up until Ctrl-C')
    .addOption(stateDirOption())
    .option('--fresh', 'remove the data of earlier runs first')
    .option('--no-rehearsal', 'start an empty platform')
    .option('--exit', 'stop after the rehearsal: exit code 0 only if its audit holds')
    .addHelpText('after', '\nExample:\n  npm start -- --policy changchun-2022 --children 1000 --seconds 240 --seed 7 --json out.json --exit\n')
    .action(start)
}

async function start(options: StartOptions): Promise<void> {
  if (options.rehearsal) await checkRehearsal(options)
  const stopped = untilStopped()
  // Loaded while the servers come up.
  const rehearsal = options.rehearsal ? import('../rehearsal/report.js') : undefined
  const platform = await startPlatform({ stateDir: options.state, fresh: options.fresh ?? false, seed: options.seed, policies: [options.policy], onProgress: printProgress })
  try {
    if (rehearsal) await rehearseOn(platform, (await rehearsal).rehearsePolicy, options, stopped)
    tellAddresses(platform)
    if (options.exit) return
    process.stderr.write('The platform stays up; Ctrl-C stops it.\n')
    printProgress({ part: 'platform', message: `${await stopped}: stopping` })
  } finally {
    await platform.stop()
  }
}

async function rehearseOn(platform: Platform, rehearsePolicy: typeof RehearsePolicy, options: StartOptions, stopped: Promise<NodeJS.Signals>): Promise<void> {
  const broken = new AbortController()
  void stopped.then(() => broken.abort())
  const report = await rehearsePolicy(platform, { ...options, signal: broken.signal })
  await deliver(report, options)
}

function tellAddresses({ addresses, stack, ports }: Platform): void {
  const lines = [
    ...Object.entries(addresses).map(([name, address]) => [name, address]),
    ['notification', `http://127.0.0.1:${ports.notification}`],
    ['mail catcher', `http://127.0.0.1:${ports.mailbox}`],
    ['Temporal UI', stack.temporalUiUrl ?? 'at your own Temporal'],
  ]
  process.stdout.write(`${lines.map(([name, address]) => `  ${`${name}:`.padEnd(16)}${address}`).join('\n')}\n`)
}
