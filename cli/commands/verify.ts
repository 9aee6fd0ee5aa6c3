import { readFile } from 'node:fs/promises'
import { Command, Option } from 'commander'
import type { Fault } from '../../contracts/problems.js'
import { findUnit } from '../../services/allocation/domain/draw/verify/child.js'
import { readDraw } from '../../services/allocation/domain/draw/verify/read.js'
import { verifyDraw } from '../../services/allocation/domain/draw/verify/verify.js'
import { en } from '../verify/en.js'
import { tellUnit, tellVerdict } from '../verify/tell.js'
import type { Words } from '../verify/words.js'
import { zh } from '../verify/zh.js'

const EXIT = { agreed: 0, disagreed: 1, unreadable: 2 } as const
const LANGUAGES: Record<string, Words> = { en, zh }

const HELP = `
Example:
  ruxue verify docs/examples/draw.json --child a2 --lang zh

What a transcript contains and how each of its parts is computed: docs/draw.md.
Exit codes: 0 everything agrees, 1 something does not (or the child is not in it), 2 the file cannot be read.`

interface Options {
  lang: string
  json?: boolean
  child?: string
}

/** `ruxue verify`: does everything in the transcript of a draw again and compares, without any server or network. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('check the transcript of a draw: list, randomness, tickets and every place are computed again; needs no server and no network')
    .argument('<transcript.json>', 'the transcript, a ruxue.draw.v1')
    .addOption(new Option('--lang <language>', 'the language of what is said').choices(Object.keys(LANGUAGES)).default('en'))
    .option('--child <unit>', 'show the line of a unit or applicant, that it was in the list, and why it has its place')
    .option('--json', 'print the verdict as JSON')
    .addHelpText('after', HELP)
    .action(async (file: string, options: Options) => {
      process.exitCode = await run(file, options)
    })
}

async function run(file: string, { lang, json, child }: Options): Promise<number> {
  const words = LANGUAGES[lang]!
  const { transcript, faults } = await read(file)
  if (!transcript) return refuse(file, faults, json, words)
  const verdict = verifyDraw(transcript)
  const units = child === undefined || !verdict.agreed ? undefined : findUnit(transcript, child)
  if (json) print([JSON.stringify({ file, ...verdict, ...(units && { units }) }, null, 2)])
  else {
    print(tellVerdict(transcript, verdict, words))
    if (units) print(units.length === 0 ? ['', words.child.notIn(child!)] : units.flatMap((unit) => tellUnit(unit, words)))
  }
  return verdict.agreed && units?.length !== 0 ? EXIT.agreed : EXIT.disagreed
}

async function read(file: string): Promise<ReturnType<typeof readDraw>> {
  try {
    return readDraw(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    return { faults: [{ at: '', message: (error as Error).message }] }
  }
}

function refuse(file: string, faults: readonly Fault[], json: boolean | undefined, words: Words): number {
  if (json) print([JSON.stringify({ file, agreed: false, findings: faults.map(({ at, message }) => ({ step: 'file', at, what: message })) }, null, 2)])
  else print([words.unreadable(file), ...faults.map(({ at, message }) => `✗ ${at === '' ? file : at}: ${message}`)])
  return EXIT.unreadable
}

const print = (lines: readonly string[]) => process.stdout.write(`${lines.join('\n')}\n`)
