import { createHash } from 'node:crypto'
import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { DrawTranscript, Implementation } from '../../../contracts/draw.js'
import type { SecondOpinion } from '../api/allocation.js'
import { isOfGroup } from '../domain/draw/verify/finding.js'

/** What Python is told, alone and without the packages of its installation, none of which it needs. */
export const VERIFIER = '-I -S tools/verify_draw.py - --json'
/** The command's working directory: that of the whole program, so that `tools/…` is found. */
const HOME = fileURLToPath(new URL('../../..', import.meta.url))
/** Digits of the hash that stands for the version of a program. */
const VERSION_DIGITS = 16

const report = z.object({
  agreed: z.boolean(),
  hash: z.string(),
  groups: z.array(z.object({ id: z.string(), agreed: z.boolean() })),
  findings: z.array(z.object({ step: z.string(), at: z.string(), what: z.string() })),
})

/**
 * Asks another program for its opinion on a draw: the transcript on standard input, the report on standard output.
 * @param command with arguments, separated by blanks
 * @throws if it gives no report within the time
 */
export function secondOpinionBy(command: string, timeoutMs: number): (transcript: DrawTranscript) => Promise<SecondOpinion> {
  const [program, ...args] = command.split(/\s+/) as [string, ...string[]]
  return async (transcript) => {
    const [by, said] = await Promise.all([implementationOf(program, args), run(program, args, JSON.stringify(transcript), timeoutMs)])
    const { groups, findings, agreed } = report.parse(JSON.parse(said))
    const known = new Map(groups.map((group) => [group.id, group.agreed]))
    const isWrong = (id: string) => known.get(id) !== true || (!agreed && groups.every((group) => group.agreed))
    return { by, wrong: new Map(transcript.groups.flatMap(({ round: { id } }, index) => (isWrong(id) ? [[id, toldOf(findings, index)] as const] : []))) }
  }
}

/** What was found of a group; everything, if nothing names it. */
function toldOf(findings: z.output<typeof report>['findings'], index: number): string[] {
  const own = findings.filter(({ at }) => isOfGroup(at, index))
  const told = (own.length > 0 ? own : findings).map(({ step, at, what }) => `${step} ${at} ${what}`)
  return own.length > 0 ? told : [...told, 'does not agree']
}

/** The program by its file, and the beginning of its hash: what ran can be named whatever its author calls it. */
async function implementationOf(program: string, args: readonly string[]): Promise<Implementation> {
  const file = args.find((argument) => !argument.startsWith('-')) ?? program
  const content = await readFile(file.startsWith('/') ? file : `${HOME}/${file}`)
  return { name: basename(file), version: createHash('sha256').update(content).digest('hex').slice(0, VERSION_DIGITS) }
}

/** Codes 0 and 1 are reports; anything else is a program that could not do its work. */
function run(program: string, args: readonly string[], input: string, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: HOME, timeout: timeoutMs, stdio: ['pipe', 'pipe', 'pipe'] })
    const [said, complained]: Buffer[][] = [[], []]
    child.stdout.on('data', (chunk: Buffer) => said!.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => complained!.push(chunk))
    child.stdin.on('error', () => undefined)
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0 || code === 1) return resolve(Buffer.concat(said!).toString())
      reject(new Error(`${program} ended with ${code ?? signal}: ${Buffer.concat([...complained!, ...said!]).toString().slice(0, 1_000)}`))
    })
    child.stdin.end(input)
  })
}
