import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { findOnPath, runCommand } from '../../infra/cache/command.js'
import { compareWithLibrary } from './rounds/library.js'
import { KINDS, makeResidual, makeRound, type Kind, type Shape } from './rounds/made-up.js'
import type { Measured, MeasuredDraw, MeasuredResidual } from './rounds/measure.js'

const MEASURE = join(import.meta.dirname, 'rounds', 'measure.ts')
const HOME = join(import.meta.dirname, '..', '..')
const BIN = join(HOME, 'cli', 'bin.mjs')
const SECOND = join(HOME, 'tools', 'verify_draw.py')
const LIMITS = { seconds: 2, mb: 600, residualSeconds: 5, transcriptSeconds: 2, verifySeconds: 4, secondSeconds: 10 } as const
const SCHOOLS = 1_000
const CHOICES = 6
/** Of 200 births about three are of twins. */
const TWINS = 0.015
const GROWTH_FROM = 10_000
const RESIDUAL = { children: 2_000, schools: 300 } as const

const program = new Command('rounds')
  .description('Measures rounds, each in a process of its own on one core: time, memory, growth, a plain sort and a public library beside them')
  .option('--applicants <n>', 'applicants in the largest round', '170000')
  .option('--json', 'machine-readable result')
  .parse()
const options = program.opts<{ applicants: string; json?: boolean }>()
const applicants = Number(options.applicants)
const progress = (message: string) => process.stderr.write(`${message}, load ${loadavg()[0]?.toFixed(1)}\n`)
const folder = await mkdtemp(join(tmpdir(), 'ruxue-bench-'))

try {
  const rounds: Record<string, Measured> = {}
  for (const kind of KINDS) rounds[kind] = await measureRound(kind, applicants)
  for (const kind of KINDS) rounds[`${kind}, twins`] = await measureRound(kind, applicants, TWINS)
  const growth: Record<Kind, Measured[]> = { serial: [], ranked: [], deferred: [] }
  for (const kind of KINDS) for (const size of sizes()) growth[kind].push(size === applicants ? rounds[kind]! : await measureRound(kind, size))
  progress('residual placement')
  const residual = await measure<MeasuredResidual>('residual', makeResidual(RESIDUAL.children, RESIDUAL.schools, 7))
  const draw = await measureDraw()
  const library = await compareWithLibrary(folder, progress)
  if (options.json) process.stdout.write(`${JSON.stringify({ machine: machine(), rounds, growth, residual, draw, library })}\n`)
  else report(rounds, growth, residual, draw, library)
} finally {
  await rm(folder, { recursive: true, force: true })
}

function sizes(): number[] {
  const all: number[] = []
  for (let size = GROWTH_FROM; size < applicants; size *= 2) all.push(size)
  return [...all, applicants]
}

async function measureRound(kind: Kind, size: number, twins = 0): Promise<Measured> {
  progress(`${kind}, ${size} applicants${twins > 0 ? ' with twins' : ''}`)
  const shape: Shape = { kind, applicants: size, schools: SCHOOLS, choices: CHOICES, twins, seed: 7 }
  return measure('round', makeRound(shape))
}

type VerifiedDraw = MeasuredDraw & { verify: number; second: number; plainRead: number }

/** Draws a round of that many by lot, and lets both implementations check the transcript. */
async function measureDraw(): Promise<VerifiedDraw> {
  progress(`a draw, ${applicants} applicants`)
  const transcript = join(folder, 'transcript.json')
  const round = makeRound({ kind: 'serial', applicants, schools: SCHOOLS, choices: CHOICES, twins: 0, seed: 7 })
  const draw = await measure<MeasuredDraw>('draw', round, transcript)
  const verify = await secondsOf(() => runCommand(process.execPath, [BIN, 'verify', transcript]))
  const second = await secondsOf(() => runCommand('python3', [SECOND, transcript]))
  const plainRead = await secondsOf(() => runCommand(process.execPath, ['-e', `JSON.parse(fs.readFileSync(${JSON.stringify(transcript)}, 'utf8'))`]))
  return { ...draw, verify, second, plainRead }
}

async function measure<M>(what: 'round' | 'residual' | 'draw', input: object, ...more: string[]): Promise<M> {
  const file = join(folder, 'input.json')
  await writeFile(file, JSON.stringify(input))
  return JSON.parse(await onOneCore([process.execPath, '--import', 'tsx', MEASURE, what, file, ...more])) as M
}

function onOneCore(command: string[]): Promise<string> {
  const [first, ...args] = findOnPath('taskset') === undefined ? command : ['taskset', '-c', '0', ...command]
  return runCommand(first!, args)
}

async function secondsOf(run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await run()
  return (performance.now() - startedAt) / 1_000
}

function machine(): string {
  return `Node ${process.version}, ${cpus().length} cores of ${cpus()[0]?.model.trim()}; each measurement ${findOnPath('taskset') === undefined ? 'on any core' : 'on one core'}`
}

function report(rounds: Record<string, Measured>, growth: Record<Kind, Measured[]>, residual: MeasuredResidual, draw: VerifiedDraw, library: Awaited<ReturnType<typeof compareWithLibrary>>): void {
  console.log(`${machine()}; ${SCHOOLS} schools, ${CHOICES} choices`)
  console.log(`\nRounds (limits: allocate ${LIMITS.seconds} s, ${LIMITS.mb} MB), seconds of a first run; "of a sort" is a warm run against a warm plain sort of the same applicants`)
  console.table(Object.entries(rounds).map(([round, { sort, read, allocate, warm, check, peakMb, placed, violations, ...rest }]) => ({
    round, applicants: rest.applicants, 'read and validate': seconds(read), allocate: seconds(allocate), check: seconds(check), 'peak MB': peakMb,
    'warm allocate': seconds(warm), 'warm sort': seconds(sort), 'of a sort': times(warm / sort), placed, violations,
  })))
  console.log('\nGrowth: warm seconds; "of n log n" is the growth since the first size against that of n log n, 1 being equal')
  console.table(KINDS.flatMap((kind) => growth[kind].map(({ applicants: n, warm, sort }) => {
    const [first] = growth[kind]
    const since = (warm / first!.warm) / (nLogN(n) / nLogN(first!.applicants))
    return { round: kind, applicants: n, allocate: seconds(warm), 'of n log n': times(since), 'sort of n log n': times((sort / first!.sort) / (nLogN(n) / nLogN(first!.applicants))) }
  })))
  console.log(`\nResidual placement (limit: ${LIMITS.residualSeconds} s)`)
  console.table([{ ...RESIDUAL, ...residual, place: seconds(residual.place), check: seconds(residual.check) }])
  console.log(`\nDraw (limits: tickets and transcript ${LIMITS.transcriptSeconds} s, \`ruxue verify\` ${LIMITS.verifySeconds} s, verify_draw.py ${LIMITS.secondSeconds} s, each the whole command on any core); "of a read" is against a process that only parses the file`)
  console.table([{
    applicants, 'MB of transcript': draw.megabytes, tickets: seconds(draw.tickets), 'tickets and transcript': seconds(draw.transcript), decide: seconds(draw.decide),
    'peak MB': draw.peakMb, verify: seconds(draw.verify), 'verify_draw.py': seconds(draw.second), 'of a read': times(draw.verify / draw.plainRead),
  }])
  console.log('\nThe library `matching` (Python), the same deferred rounds, first runs')
  if (library.failure !== undefined) console.log(`No more of this: ${library.failure}`)
  console.table(library.compared.map(({ library: theirs, ours, ...rest }) => ({ ...rest, library: seconds(theirs), ours: seconds(ours), 'times slower': times(theirs / ours) })))
}

function nLogN(n: number): number {
  return n * Math.log2(n)
}

function seconds(value: number): string {
  return value.toFixed(3)
}

function times(value: number): string {
  return value.toFixed(1)
}
