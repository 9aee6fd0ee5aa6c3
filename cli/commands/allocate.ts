import { writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import type { Fault } from '../../contracts/problems.js'
import type { ResultFile, RoundFile } from '../../contracts/rounds.js'
import { allocate } from '../../services/allocation/domain/rounds/engine/allocate.js'
import { checkResult, checkWaivers } from '../../services/allocation/domain/rounds/engine/check.js'
import { PROPERTIES } from '../../services/allocation/domain/rounds/engine/properties.js'
import { readRound } from '../../services/allocation/domain/rounds/engine/read.js'
import { chainTo, moveUp, type Move } from '../../services/allocation/domain/rounds/engine/waivers.js'
import { readJsonFile } from '../jsonFile.js'
import { usageApart } from '../usage.js'

const EXIT = { ok: 0, unsound: 1, faults: 2 } as const

const EXAMPLE = `
Example:
  cat > round.json <<'END'
  { "format": "ruxue.round.v1", "id": "example", "mechanism": "serial",
    "schools": [{ "id": "s1", "plan": 1 }, { "id": "s2", "plan": 1 }],
    "applicants": [{ "id": "a1", "choices": ["s1", "s2"] }, { "id": "a2", "choices": ["s1", "s2"] }],
    "orders": { "default": { "kind": "lottery" } }, "seed": "c0ffee" }
  END
  ruxue allocate round.json
  ruxue allocate round.json --waive a1 --explain a2     a1 gives its place back; why did a2 move?

What a round may say and what it means: docs/rounds.md. The formats: docs/contracts/round.v1.schema.json and
result.v1.schema.json.
Exit codes: 0 all is well; 1 the result has not the properties it must have and is held back; 2 the round has faults, a
file cannot be read or written, or the command is not used as above.`

/** `ruxue allocate`: decides a round from a file, without any server. */
export function allocateCommand(): Command {
  return usageApart(new Command('allocate'))
    .description('decide a round: applicants, schools, an order and a mechanism in, places with reasons and reserves out; needs no server')
    .argument('<round.json>', 'the round')
    .option('-o, --output <result.json>', 'write the result to a file and not to standard output')
    .option('--waive <ids...>', 'the result once these applicants have left the round, one after the other')
    .option('--explain <ids...>', 'with --waive: tell on standard error why these applicants moved')
    .option('--json', 'print faults as JSON')
    .addHelpText('after', EXAMPLE)
    .action(async (file: string, options: Options) => {
      process.exitCode = await run(file, options)
    })
}

interface Options {
  output?: string
  json?: boolean
  waive?: string[]
  explain?: string[]
}

async function run(file: string, { output, json, waive = [], explain = [] }: Options): Promise<number> {
  const parsed = await parse(file)
  const { round, faults } = 'faults' in parsed ? parsed : readRound(parsed.input)
  if (!round) return refuse(file, faults, json)
  const unknown = unknownTo(round, [...waive, ...explain])
  if (unknown.length > 0) return refuse(file, unknown, json)
  const decided = allocate(round)
  const { result, moves } = waive.reduce((before, id) => waived(round, before, id), { result: decided, moves: [] as Move[] })
  const violations = [...checkResult(round, result), ...checkWaivers(decided, result)]
  for (const { property, what } of violations) process.stderr.write(`${what}. This breaks: ${PROPERTIES[property]}\n`)
  if (violations.length > 0) return EXIT.unsound
  const text = `${JSON.stringify(result, null, 2)}\n`
  if (output === undefined) process.stdout.write(text)
  else {
    const fault = await writeFile(output, text).then(() => undefined, ({ message }: Error): Fault => ({ at: '', message }))
    if (fault) return refuse(output, [fault], json)
  }
  for (const id of explain) process.stderr.write(`${whyMoved(id, moves)}\n`)
  return EXIT.ok
}

const unknownTo = ({ applicants }: RoundFile, ids: readonly string[]): Fault[] =>
  ids.filter((id) => applicants.every((applicant) => applicant.id !== id)).map((id) => ({ at: '/applicants', message: `There is no applicant ${id}` }))

function waived(round: RoundFile, before: { result: ResultFile; moves: Move[] }, id: string): { result: ResultFile; moves: Move[] } {
  const { result, moves } = moveUp(round, before.result, [id])
  return { result, moves: [...before.moves, ...moves] }
}

/** Why did my child move: every move that led to its last one. */
function whyMoved(id: string, moves: readonly Move[]): string {
  const chain = chainTo(id, moves)
  return chain.length === 0 ? `${id} has not moved.` : chain.map(sentenceOf).join('\n')
}

function sentenceOf({ applicant, from, to, rank, reason, seatOf }: Move): string {
  const seat = reason === 'over-plan' ? 'over plan, with its unit' : seatOf === null ? 'to a seat that was free' : `to the seat that ${seatOf} left`
  return `${applicant} moved from ${from ?? 'no school'} to ${to}, where it had waiting rank ${rank}: ${seat}.`
}

/** The file's JSON, or the fault that it has none. */
async function parse(file: string): Promise<{ input: unknown } | { faults: Fault[]; round?: never }> {
  const read = await readJsonFile(file)
  return read.kind === undefined ? read : { faults: [{ at: '', message: read.message }] }
}

function refuse(file: string, faults: readonly Fault[], json: boolean | undefined): number {
  if (json) process.stdout.write(`${JSON.stringify({ faults }, null, 2)}\n`)
  else for (const { at, message } of faults) process.stderr.write(`${file}${at === '' ? '' : `#${at}`}: ${message}\n`)
  return EXIT.faults
}
