import { readFile, writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import type { Fault } from '../../contracts/problems.js'
import { allocate } from '../../services/allocation/domain/rounds/engine/allocate.js'
import { checkResult } from '../../services/allocation/domain/rounds/engine/check.js'
import { PROPERTIES } from '../../services/allocation/domain/rounds/engine/properties.js'
import { readRound } from '../../services/allocation/domain/rounds/engine/read.js'

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

What a round may say and what it means: docs/rounds.md. The formats: docs/contracts/round.v1.schema.json and
result.v1.schema.json.
Exit codes: 0 all is well, 1 the result has not the properties it must have and is held back, 2 the round has faults.`

/** `ruxue allocate`: decides a round from a file, without any server. */
export function allocateCommand(): Command {
  return new Command('allocate')
    .description('decide a round: applicants, schools, an order and a mechanism in, places with reasons and reserves out; needs no server')
    .argument('<round.json>', 'the round')
    .option('-o, --output <result.json>', 'write the result to a file and not to standard output')
    .option('--json', 'print faults as JSON')
    .addHelpText('after', EXAMPLE)
    .action(async (file: string, options: { output?: string; json?: boolean }) => {
      process.exitCode = await run(file, options)
    })
}

async function run(file: string, { output, json }: { output?: string; json?: boolean }): Promise<number> {
  const parsed = await parse(file)
  const { round, faults } = 'faults' in parsed ? parsed : readRound(parsed.input)
  if (!round) return refuse(file, faults, json)
  const result = allocate(round)
  const violations = checkResult(round, result)
  for (const { property, what } of violations) process.stderr.write(`${what}. This breaks: ${PROPERTIES[property]}\n`)
  if (violations.length > 0) return EXIT.unsound
  const text = `${JSON.stringify(result, null, 2)}\n`
  if (output === undefined) process.stdout.write(text)
  else await writeFile(output, text)
  return EXIT.ok
}

/** The file's JSON, or the fault that it has none. */
async function parse(file: string): Promise<{ input: unknown } | { faults: Fault[]; round?: never }> {
  try {
    return { input: JSON.parse(await readFile(file, 'utf8')) }
  } catch (error) {
    return { faults: [{ at: '', message: (error as Error).message }] }
  }
}

function refuse(file: string, faults: readonly Fault[], json: boolean | undefined): number {
  if (json) process.stdout.write(`${JSON.stringify({ faults }, null, 2)}\n`)
  else for (const { at, message } of faults) process.stderr.write(`${file}${at === '' ? '' : `#${at}`}: ${message}\n`)
  return EXIT.faults
}
