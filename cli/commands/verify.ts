import { Command, InvalidArgumentError, Option } from 'commander'
import { isIncluded, leafOf } from '../../services/allocation/domain/draw/merkle.js'
import { findUnit } from '../../services/allocation/domain/draw/verify/child.js'
import { readDraw, readProof } from '../../services/allocation/domain/draw/verify/read.js'
import { verifyDraw } from '../../services/allocation/domain/draw/verify/verify.js'
import { readJsonFile } from '../jsonFile.js'
import { usageApart } from '../usage.js'
import { en } from '../verify/en.js'
import { tellUnit, tellVerdict } from '../verify/tell.js'
import type { FileFault, Words } from '../verify/words.js'
import { zh } from '../verify/zh.js'

const EXIT = { agreed: 0, disagreed: 1, unreadable: 2 } as const
const LANGUAGES: Record<string, Words> = { en, zh }

const HELP = `
Examples:
  ruxue verify docs/examples/draw.json --child a2 --lang zh
  ruxue verify --inclusion PROOF.json --root ROOT --count COUNT     before a draw is published: is our line in its list?

What a transcript contains and how each of its parts is computed, and what a proof of inclusion is: docs/draw.md. Root
and count are those that were published with the freeze.
Exit codes: 0 everything agrees; 1 something does not (or the child is not in it); 2 the file cannot be read, or the
command is not used as above.`

interface Options {
  lang: string
  json?: boolean
  child?: string
  inclusion?: string
  root?: string
  count?: number
}

/** `ruxue verify`: does everything in the transcript of a draw again and compares, without any server or network. */
export function verifyCommand(): Command {
  return usageApart(new Command('verify'))
    .description('check the transcript of a draw: list, randomness, tickets and every place are computed again; needs no server and no network')
    .argument('[transcript.json]', 'the transcript, a ruxue.draw.v1')
    .addOption(new Option('--lang <language>', 'the language of what is said').choices(Object.keys(LANGUAGES)).default('en'))
    .option('--child <unit>', 'show the line of a unit or applicant, that it was in the list, and why it has its place')
    .option('--inclusion <proof.json>', 'in place of a transcript: check that the line of this proof is in a list')
    .option('--root <hash>', 'with --inclusion: the root of the list that was published', rootOf)
    .option('--count <number>', 'with --inclusion: how many lines were published', countOf)
    .option('--json', 'print the verdict as JSON')
    .addHelpText('after', HELP)
    .action(async (file: string | undefined, options: Options, command: Command) => {
      const { inclusion, root, count } = options
      if (file !== undefined && inclusion === undefined && root === undefined && count === undefined) process.exitCode = await verifyTranscript(file, options)
      else if (file === undefined && inclusion !== undefined && root !== undefined && count !== undefined) process.exitCode = await verifyInclusion(inclusion, { root, count }, options)
      else command.error('error: give a transcript, or --inclusion with --root and --count')
    })
}

function rootOf(text: string): string {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new InvalidArgumentError('It has 64 lower-case hexadecimal digits.')
  return text
}

function countOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It is a whole number.')
  return Number(text)
}

async function verifyTranscript(file: string, { lang, json, child }: Options): Promise<number> {
  const words = LANGUAGES[lang]!
  const found = await read(file)
  const { transcript, faults } = found.faults ? found : readDraw(found.input)
  if (!transcript) return refuse(file, faults, json, words)
  const verdict = verifyDraw(transcript)
  const units = child === undefined || !verdict.agreed ? undefined : findUnit(transcript, child)
  if (json) printJson({ file, ...verdict, ...(units && { units }) })
  else {
    print(tellVerdict(transcript, verdict, words))
    if (units) print(units.length === 0 ? ['', words.child.notIn(child!)] : units.flatMap((unit) => tellUnit(unit, words)))
  }
  return verdict.agreed && units?.length !== 0 ? EXIT.agreed : EXIT.disagreed
}

async function verifyInclusion(file: string, published: { root: string; count: number }, { lang, json }: Options): Promise<number> {
  const words = LANGUAGES[lang]!
  const found = await read(file)
  const { proof, faults } = found.faults ? found : readProof(found.input)
  if (!proof) return refuse(file, faults, json, words)
  const { line, index, path } = proof
  const agreed = isIncluded({ leaf: leafOf(line), index, path, ...published })
  const said = agreed ? words.child.place(index + 1, published.count, path.length) : words.notIncluded
  if (json) printJson({ file, agreed, line, findings: agreed ? [] : [{ step: 'freeze', at: '', what: said }] })
  else print([words.child.line, line, said])
  return agreed ? EXIT.agreed : EXIT.disagreed
}

/** The file's JSON, or the fault that it has none. */
async function read(file: string): Promise<{ input: unknown; faults?: never } | { faults: FileFault[]; transcript?: never; proof?: never }> {
  const found = await readJsonFile(file)
  return found.kind === undefined ? found : { faults: [{ at: '', ...found }] }
}

function refuse(file: string, faults: readonly FileFault[], json: boolean | undefined, words: Words): number {
  const said = faults.map(({ at, kind, message }) => ({ step: 'file', at, what: words.fault(kind, message) }))
  if (json) printJson({ file, agreed: false, findings: said })
  else print([words.unreadable(file), ...said.map(({ at, what }) => `✗ ${at === '' ? file : at}: ${what}`)])
  return EXIT.unreadable
}

const print = (lines: readonly string[]) => process.stdout.write(`${lines.join('\n')}\n`)

const printJson = (value: object) => print([JSON.stringify(value, null, 2)])
