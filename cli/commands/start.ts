import { writeFile } from 'node:fs/promises'
import { Command, InvalidArgumentError } from 'commander'
import { printProgress } from '../../infra/stack/progress.js'
import { startPlatform, type Platform } from '../platform/start.js'
import { rehearsePolicy, type RehearsalReport } from '../rehearsal/report.js'
import { tellReport } from '../rehearsal/tell.js'
import { stateDirOption } from '../stateDir.js'
import { untilStopped } from '../untilStopped.js'

export interface StartOptions {
  state: string
  fresh?: boolean
  rehearsal: boolean
  policy: string
  children: number
  seconds?: number
  seed: number
  json?: string
  exit?: boolean
}

const wholeNumber = (least: number) => (text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < least) throw new InvalidArgumentError(`a whole number from ${least}`)
  return value
}

/** Options of a rehearsal, shared by `start` and `rehearse`. */
export const withRehearsalOptions = (command: Command): Command =>
  command
    .option('--policy <id or file>', 'policy to rehearse', 'changchun-2022')
    .option('--children <number>', 'made-up children', wholeNumber(1), 200)
    .option('--seconds <number>', 'length of the compressed season; as short as this machine can carry unless given', wholeNumber(1))
    .option('--seed <number>', 'makes the children, what they do and the draws repeatable', wholeNumber(0), 1)
    .option('--json <file>', 'write the report there')

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
  const stopped = untilStopped()
  const platform = await startPlatform({ stateDir: options.state, fresh: options.fresh ?? false, seed: options.seed, onProgress: printProgress })
  try {
    if (options.rehearsal) await rehearseOn(platform, options, stopped)
    tellAddresses(platform)
    if (options.exit) return
    process.stderr.write('The platform stays up; Ctrl-C stops it.\n')
    printProgress({ part: 'platform', message: `${await stopped}: stopping` })
  } finally {
    await platform.stop()
  }
}

async function rehearseOn(platform: Platform, options: StartOptions, stopped: Promise<NodeJS.Signals>): Promise<void> {
  const broken = new AbortController()
  void stopped.then(() => broken.abort())
  const report = await rehearsePolicy(platform, { ...options, signal: broken.signal })
  await deliver(report, options)
}

/** Tells a report to the person and writes it where asked; a broken audit or an incomplete play is exit code 1. */
export async function deliver(report: RehearsalReport, options: { json?: string }): Promise<void> {
  tellReport(report)
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`)
  if (!report.audit.ok || report.missing.length > 0) process.exitCode = 1
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
