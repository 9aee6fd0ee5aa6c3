import { writeFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { loadPolicy } from '../../policies/load.js'
import { checkCast, FEWEST_CHILDREN } from '../rehearsal/casts/cast.js'
import type { RehearsalReport } from '../rehearsal/report.js'
import { tellReport } from '../rehearsal/tell.js'

/** What a person may say about a rehearsal. */
export interface RehearsalOptions {
  policy: string
  children: number
  seconds?: number
  seed: number
  json?: string
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
    .option('--children <number>', `made-up children (${FEWEST_CHILDREN})`, wholeNumber(1), 200)
    .option('--seconds <number>', 'length of the compressed season; as short as this machine can carry unless given', wholeNumber(1))
    .option('--seed <number>', 'makes the children, what they do and the draws repeatable', wholeNumber(0), 1)
    .option('--json <file>', 'write the report there')

/**
 * Whether what is asked can be rehearsed, before anything starts.
 * @throws PolicyNotFoundError, PolicyFaultsError, TooFewChildrenError, NoCastError
 */
export async function checkRehearsal({ policy, children }: RehearsalOptions): Promise<void> {
  checkCast((await loadPolicy(policy)).timeline, children)
}

/** Tells a report to the person and writes it where asked; a broken audit or an incomplete play is exit code 1. */
export async function deliver(report: RehearsalReport, options: { json?: string }): Promise<void> {
  tellReport(report)
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`)
  if (!report.audit.ok || report.missing.length > 0) process.exitCode = 1
}
