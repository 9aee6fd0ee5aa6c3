import type { Command } from 'commander'
import type { Endpoint } from '../contracts/http/endpoint.js'
import { tokenSource } from '../platform/auth.js'
import { createClient, Unreachable, type Client } from '../platform/http/client.js'
import { isProblem } from '../platform/problem.js'
import { NotRunningError, runningPlatform } from './platform/target.js'
import { stateDirOption } from './stateDir.js'
import { UsageError } from './usageError.js'

/** What officers' commands exit with. */
const EXIT = { done: 0, refused: 1, unusable: 2, unreachable: 3 } as const

export const EXIT_WORDS = 'Exit codes: 0 done, 1 refused with the reason, 2 the command is incomplete, 3 nobody answers.'

export interface OfficeOptions {
  state: string
  officer?: string
  at?: string
  json?: boolean
}

/** The options by which an officer says where the platform is and who commands. */
export const withOfficeOptions = (command: Command, service: 'console' | 'allocation'): Command =>
  command
    .option('--officer <name>', 'who commands, on a platform of this machine; elsewhere the token says who')
    .option('--at <url>', `address of another installation's ${service}; its token is in RUXUE_TOKEN`)
    .option('--json', 'print JSON')
    .addOption(stateDirOption())

/** A service as an officer of the bureau who only looks calls it. */
export const lookingAt = <T extends Record<string, Endpoint>>(endpoints: T, service: 'console' | 'allocation', options: OfficeOptions): Promise<Client<T>> =>
  officeOf(endpoints, service, { ...options, officer: options.officer ?? 'command-line' })

/**
 * A service as an officer of the bureau calls it.
 * @throws UsageError if nobody says who commands, NotRunningError
 */
export async function officeOf<T extends Record<string, Endpoint>>(
  endpoints: T,
  service: 'console' | 'allocation',
  { state, officer, at }: OfficeOptions,
): Promise<Client<T>> {
  if (at !== undefined) {
    const token = process.env['RUXUE_TOKEN']
    if (!token) throw new UsageError('--at needs the officer’s token in RUXUE_TOKEN')
    return createClient(endpoints, { baseUrl: at.replace(/\/$/, ''), token: async () => token, timeoutMs: TIMEOUT_MS })
  }
  if (officer === undefined) throw new UsageError('say who commands with --officer NAME')
  const target = await runningPlatform(state)
  return createClient(endpoints, { baseUrl: target.addresses[service], token: tokenSource(target.issuer, { subject: officer, role: 'city' }), timeoutMs: TIMEOUT_MS })
}

/** A desk's decision and a judgement of all proposals take their time. */
const TIMEOUT_MS = 60_000

/** @throws UsageError unless it holds */
export function demand(holds: boolean, why: string): asserts holds {
  if (!holds) throw new UsageError(why)
}

/** Prints what a service answered: in words, or as JSON if that is asked for. */
export function tell(answer: unknown, words: string, { json }: Pick<OfficeOptions, 'json'>): void {
  process.stdout.write(`${json ? JSON.stringify(answer, null, 2) : words}\n`)
}

/** Carries out an officer's command and tells what stopped it in one line, with its exit code. */
export async function asOfficer(run: () => Promise<void>): Promise<void> {
  try {
    await run()
    process.exitCode = EXIT.done
  } catch (error) {
    const code = exitOf(error)
    if (code === undefined) throw error
    process.stderr.write(`${isProblem(error) ? `refused, ${error.type}: ${error.detail}` : (error as Error).message}\n`)
    process.exitCode = code
  }
}

function exitOf(error: unknown): number | undefined {
  if (isProblem(error)) return EXIT.refused
  if (error instanceof UsageError) return EXIT.unusable
  if (error instanceof Unreachable || error instanceof NotRunningError) return EXIT.unreachable
  return undefined
}
